package dev.swarm.core.model;

import java.time.Instant;
import java.util.List;

/**
 * One attempt to run what a service asks for. A task never moves: when it fails or its node is
 * lost, another task takes its slot.
 *
 * @param node {@link NodeId#NONE} until scheduled; preset for global services
 * @param desired what is wanted of it; never goes back
 * @param networks its places on networks, given together with its node; empty for most tasks
 * @param claims what it holds of its node's generic resources; likewise
 * @param attempt which try of its slot it is
 */
public record Task(
    TaskId id,
    Meta meta,
    TaskTemplate template,
    Slot slot,
    NodeId node,
    TaskState desired,
    TaskStatus status,
    List<Attachment> networks,
    List<Claim> claims,
    Attempt attempt) {

  /** The first task of its slot, on no network and without generic resources. */
  public Task(
      TaskId id,
      Meta meta,
      TaskTemplate template,
      Slot slot,
      NodeId node,
      TaskState desired,
      TaskStatus status) {
    this(id, meta, template, slot, node, desired, status, List.of(), List.of(), Attempt.FIRST);
  }

  public ServiceId serviceId() {
    return template.serviceId();
  }

  public TaskState state() {
    return status.state();
  }

  /**
   * When it came to its state: as its node says, but not later than a manager last heard of it. A
   * node's clock may be wrong, and nobody waits for years because it is.
   */
  public Instant since() {
    return status.at().isAfter(meta.updatedAt()) ? meta.updatedAt() : status.at();
  }

  /** When it was first known to run, of one that does. */
  public Instant runningSince() {
    return attempt.hasRun() ? Instant.ofEpochMilli(attempt.runningAtMillis()) : since();
  }

  /** When it was known to have ended, of one that has. */
  public Instant endedAt() {
    return attempt.endedAtMillis() > 0 ? Instant.ofEpochMilli(attempt.endedAtMillis()) : since();
  }

  /** Whether it is wanted to run, now or soon. */
  public boolean isRunnable() {
    return desired.isRunnable();
  }

  /** Whether it has ended, or was called off before any agent knew of it. */
  public boolean isDead() {
    return !isRunnable() && (state().isTerminal() || state().isBefore(TaskState.ASSIGNED));
  }

  /** Whether it waits for its time: to start, or even to be given a node. */
  public boolean isHeld() {
    return desired == TaskState.READY && !state().isTerminal();
  }

  /** Whether it waits for a node to be found. */
  public boolean isUnscheduled() {
    return isRunnable() && state() == TaskState.PENDING;
  }

  /** Whether it takes resources of its node: assigned, and not known to have ended. */
  public boolean occupiesNode() {
    return !node.isNone() && !state().isBefore(TaskState.ASSIGNED) && !state().isTerminal();
  }

  /** Whether its addresses are its own; those of a task that ended are free again. */
  public boolean holdsAddresses() {
    return !networks.isEmpty() && !state().isTerminal() && !isDead();
  }

  /** Whether its networks are wanted where it is. */
  public boolean bindsNetworks() {
    return isRunnable() && holdsAddresses();
  }

  /** Whether the dispatcher tells the task's node about it. */
  public boolean isDispatched() {
    return !node.isNone() && !state().isBefore(TaskState.ASSIGNED);
  }
}
