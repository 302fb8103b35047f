package dev.swarm.cli.node.engineapi.routes;

import com.google.protobuf.Timestamp;
import dev.swarm.core.port.Clock;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.Meta;
import docker.swarmkit.v1.Node;
import docker.swarmkit.v1.Service;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.WatchActionKind;
import docker.swarmkit.v1.WatchMessage;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Converts the leader's changes to the events that clients know. */
public final class SwarmEventReader {
  private final Clock clock;

  /**
   * @param clock tells when something was removed, which the change does not
   */
  public SwarmEventReader(Clock clock) {
    this.clock = clock;
  }

  /** Empty for a change that clients are not told of. */
  Optional<SwarmEvent> read(WatchMessage.Event change) {
    var now = change.getObject();
    var old = change.getOldObject();
    return switch (now.getObjectCase()) {
      case NODE -> Optional.of(node(change, now.getNode(), old.getNode()));
      case SERVICE -> Optional.of(service(change, now.getService(), old.getService()));
      case TASK -> task(change, now.getTask(), old.getTask());
      case NETWORK ->
          Optional.of(
              event(
                  change,
                  "network",
                  now.getNetwork().getId(),
                  now.getNetwork().getMeta(),
                  now.getNetwork().getSpec().getAnnotations()));
      case SECRET ->
          Optional.of(
              event(
                  change,
                  "secret",
                  now.getSecret().getId(),
                  now.getSecret().getMeta(),
                  now.getSecret().getSpec().getAnnotations()));
      case CONFIG ->
          Optional.of(
              event(
                  change,
                  "config",
                  now.getConfig().getId(),
                  now.getConfig().getMeta(),
                  now.getConfig().getSpec().getAnnotations()));
      case CLUSTER, RESOURCE, EXTENSION, VOLUME, OBJECT_NOT_SET -> Optional.empty();
    };
  }

  private SwarmEvent event(
      WatchMessage.Event change, String type, String id, Meta meta, Annotations annotations) {
    return event(
        change, type, id, meta, Map.of("name", annotations.getName()), annotations.getLabelsMap());
  }

  private SwarmEvent event(
      WatchMessage.Event change,
      String type,
      String id,
      Meta meta,
      Map<String, String> attributes,
      Map<String, String> labels) {
    WatchActionKind action = change.getAction();
    String word = lower(action).replace("watch_action_", "");
    return new SwarmEvent(type, word, id, attributes, labels, time(action, meta));
  }

  private Instant time(WatchActionKind action, Meta meta) {
    return switch (action) {
      case WATCH_ACTION_CREATE -> instant(meta.getCreatedAt());
      case WATCH_ACTION_UPDATE -> instant(meta.getUpdatedAt());
      case WATCH_ACTION_REMOVE, WATCH_ACTION_UNKNOWN, UNRECOGNIZED -> clock.now();
    };
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  private SwarmEvent node(WatchMessage.Event change, Node now, Node old) {
    Annotations annotations = now.getSpec().getAnnotations();
    String named = annotations.getName();
    Map<String, String> attributes = new HashMap<>();
    attributes.put("name", named.isEmpty() ? now.getDescription().getHostname() : named);
    if (change.hasOldObject()) {
      note(
          attributes,
          "availability",
          lower(old.getSpec().getAvailability()),
          lower(now.getSpec().getAvailability()));
      note(attributes, "role", lower(old.getRole()), lower(now.getRole()));
      note(
          attributes,
          "state",
          lower(old.getStatus().getState()),
          lower(now.getStatus().getState()));
      if (old.hasManagerStatus() && now.hasManagerStatus()) {
        note(
            attributes,
            "leader",
            Boolean.toString(old.getManagerStatus().getLeader()),
            Boolean.toString(now.getManagerStatus().getLeader()));
        note(
            attributes,
            "reachability",
            lower(old.getManagerStatus().getReachability()),
            lower(now.getManagerStatus().getReachability()));
      }
    }
    return event(
        change, "node", now.getId(), now.getMeta(), attributes, annotations.getLabelsMap());
  }

  private SwarmEvent service(WatchMessage.Event change, Service now, Service old) {
    Annotations annotations = now.getSpec().getAnnotations();
    Map<String, String> attributes = new HashMap<>();
    attributes.put("name", annotations.getName());
    if (change.hasOldObject()) {
      note(
          attributes,
          "image",
          old.getSpec().getTask().getContainer().getImage(),
          now.getSpec().getTask().getContainer().getImage());
      if (now.getSpec().hasReplicated() && old.getSpec().hasReplicated()) {
        note(
            attributes,
            "replicas",
            Long.toUnsignedString(old.getSpec().getReplicated().getReplicas()),
            Long.toUnsignedString(now.getSpec().getReplicated().getReplicas()));
      }
      noteUpdate(attributes, old, now);
    }
    return event(
        change, "service", now.getId(), now.getMeta(), attributes, annotations.getLabelsMap());
  }

  private static void noteUpdate(Map<String, String> attributes, Service old, Service now) {
    if (!now.hasUpdateStatus()) {
      return;
    }
    String state = lower(now.getUpdateStatus().getState());
    if (old.hasUpdateStatus()) {
      note(attributes, "updatestate", lower(old.getUpdateStatus().getState()), state);
    } else {
      attributes.put("updatestate.new", state);
    }
  }

  /** Of a task's changes only steps of its life are told. */
  private Optional<SwarmEvent> task(WatchMessage.Event change, Task now, Task old) {
    Map<String, String> attributes = new HashMap<>();
    if (change.hasOldObject()) {
      note(attributes, "state", state(old), state(now));
      note(attributes, "desiredstate", lower(old.getDesiredState()), lower(now.getDesiredState()));
      note(attributes, "node", old.getNodeId(), now.getNodeId());
      if (attributes.isEmpty()) {
        return Optional.empty();
      }
    }
    String service = now.getServiceAnnotations().getName();
    String slot = now.getSlot() == 0 ? now.getNodeId() : Long.toUnsignedString(now.getSlot());
    attributes.put("name", service + "." + slot + "." + now.getId());
    attributes.put("service.id", now.getServiceId());
    attributes.put("service.name", service);
    attributes.put("state", state(now));
    if (!now.getNodeId().isEmpty()) {
      attributes.put("node.id", now.getNodeId());
    }
    return Optional.of(
        event(
            change,
            "task",
            now.getId(),
            now.getMeta(),
            attributes,
            now.getServiceAnnotations().getLabelsMap()));
  }

  private static String state(Task task) {
    return lower(task.getStatus().getState());
  }

  private static void note(Map<String, String> to, String what, String old, String now) {
    if (!old.equals(now)) {
      to.put(what + ".old", old);
      to.put(what + ".new", now);
    }
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
