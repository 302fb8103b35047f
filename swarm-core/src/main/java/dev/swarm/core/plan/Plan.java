package dev.swarm.core.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Result of reconciling one key.
 *
 * @param commands to carry out, in order
 * @param wakeAt when to look again though nothing changed; {@link Instant#MAX} for never
 * @param more whether there is more to do at once: the plan was cut to its bound
 */
public record Plan(List<Command> commands, Instant wakeAt, boolean more) {
  /** All is as it should be. */
  public static final Plan NOTHING = new Plan(List.of(), Instant.MAX, false);

  /** The most commands one plan carries, so that a turn of the loop and an entry stay bounded. */
  public static final int COMMANDS_MAX = 5_000;

  public static Builder builder() {
    return new Builder();
  }

  /** Collects a plan. */
  public static final class Builder {
    private final List<Command> commands = new ArrayList<>();
    private Instant wakeAt = Instant.MAX;
    private boolean more;

    public Builder add(Command command) {
      commands.add(command);
      return this;
    }

    /** Whether the plan has no room left; whoever leaves something out then says {@link #more}. */
    public boolean isFull() {
      return commands.size() >= COMMANDS_MAX;
    }

    public Builder more() {
      more = true;
      return this;
    }

    /** Asks to be looked at again at the earliest of the times given. */
    public Builder wakeAt(Instant at) {
      if (at.isBefore(wakeAt)) {
        wakeAt = at;
      }
      return this;
    }

    public boolean isEmpty() {
      return commands.isEmpty();
    }

    public Plan build() {
      return new Plan(List.copyOf(commands), wakeAt, more);
    }
  }
}
