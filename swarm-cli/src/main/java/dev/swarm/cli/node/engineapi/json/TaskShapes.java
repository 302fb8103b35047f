package dev.swarm.cli.node.engineapi.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import docker.swarmkit.v1.ContainerStatus;
import docker.swarmkit.v1.NetworkAttachmentConfig;
import docker.swarmkit.v1.Placement;
import docker.swarmkit.v1.PlacementPreference;
import docker.swarmkit.v1.PortStatus;
import docker.swarmkit.v1.ResourceRequirements;
import docker.swarmkit.v1.Resources;
import docker.swarmkit.v1.RestartPolicy;
import docker.swarmkit.v1.RestartPolicy.RestartCondition;
import docker.swarmkit.v1.SpreadOver;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import docker.swarmkit.v1.TaskStatus;
import docker.swarmkit.v1.VolumeAttachment;

/** JSON shapes of TaskSpec, and of the task as users see it. */
public final class TaskShapes {
  private static final Shape LIMITS =
      Shape.of(Resources.getDefaultInstance())
          .field("NanoCPUs", "nano_cpus", Scalar.AMOUNT)
          .field("MemoryBytes", "memory_bytes", Scalar.AMOUNT)
          .ignored("Pids")
          .build();

  private static final Shape REQUIREMENTS =
      Shape.of(ResourceRequirements.getDefaultInstance())
          .field("Limits", "limits", LIMITS)
          .field("Reservations", "reservations", CommonShapes.RESOURCES)
          .field("SwapBytes", "swap_bytes")
          .since(52)
          .field("MemorySwappiness", "memory_swappiness")
          .since(52)
          .check(
              (in, into) -> {
                var resources = (ResourceRequirements.Builder) into;
                if (resources.hasSwapBytes() && resources.getLimits().getMemoryBytes() == 0) {
                  throw in.bad("SwapBytes", "memory swap provided, but no memory-limit was set");
                }
              })
          .build();

  private static final Shape RESTART_POLICY =
      Shape.of(RestartPolicy.getDefaultInstance())
          // The message's own zero is "none"; a policy that does not say is "any".
          .check((in, into) -> ((RestartPolicy.Builder) into).setCondition(RestartCondition.ANY))
          .member(new RestartConditionMember())
          .field("Delay", "delay", Scalar.DURATION_OR_ABSENT)
          .always("MaxAttempts", "max_attempts")
          .field("Window", "window", Scalar.DURATION_OR_ABSENT)
          .build();

  private static final Shape PREFERENCE =
      Shape.of(PlacementPreference.getDefaultInstance())
          .orNull(
              "Spread",
              "spread",
              Shape.of(SpreadOver.getDefaultInstance())
                  .always("SpreadDescriptor", "spread_descriptor")
                  .build())
          .build();

  private static final Shape PLACEMENT =
      Shape.of(Placement.getDefaultInstance())
          .field("Constraints", "constraints")
          .field("Preferences", "preferences", PREFERENCE)
          .field("MaxReplicas", "max_replicas")
          .since(40)
          .field("Platforms", "platforms", CommonShapes.PLATFORM)
          .build();

  static final Shape NETWORK_TARGET =
      Shape.of(NetworkAttachmentConfig.getDefaultInstance())
          .field("Target", "target")
          .field("Aliases", "aliases")
          .field("DriverOpts", "driver_attachment_opts")
          .build();

  static final Shape TASK_SPEC =
      Shape.of(TaskSpec.getDefaultInstance())
          .member(new RuntimeMember())
          .field("Resources", "resources", REQUIREMENTS)
          .member(new PidsLimit())
          .field("RestartPolicy", "restart", RESTART_POLICY)
          .field("Placement", "placement", PLACEMENT)
          .field("Networks", "networks", NETWORK_TARGET)
          .field("LogDriver", "log_driver", CommonShapes.DRIVER)
          .always("ForceUpdate", "force_update")
          .build();

  private static final Shape CONTAINER_STATUS =
      Shape.of(ContainerStatus.getDefaultInstance())
          .always("ContainerID", "container_id")
          .always("PID", "pid")
          .always("ExitCode", "exit_code")
          .build();

  private static final Shape STATUS =
      Shape.of(TaskStatus.getDefaultInstance())
          .always("Timestamp", "timestamp")
          .always("State", "state")
          .field("Message", "message")
          .field("Err", "err")
          .field("ContainerStatus", "container", CONTAINER_STATUS)
          .always(
              "PortStatus",
              "port_status",
              Shape.of(PortStatus.getDefaultInstance())
                  .field("Ports", "ports", CommonShapes.PORT)
                  .build())
          .build();

  /** A task; only ever written. */
  public static final Shape TASK =
      Shape.of(Task.getDefaultInstance())
          .always("ID", "id")
          .inline("meta", CommonShapes.META)
          .inline("annotations", CommonShapes.ANNOTATIONS)
          .always("Spec", "spec", TASK_SPEC)
          .member(new RuntimeMember.AsShownOnTask())
          .field("ServiceID", "service_id")
          .field("Slot", "slot")
          .field("NodeID", "node_id")
          .always("Status", "status", STATUS)
          .always("DesiredState", "desired_state")
          .field("NetworksAttachments", "networks", NetworkShapes.ATTACHMENT)
          .field("GenericResources", "assigned_generic_resources", CommonShapes.GENERIC_RESOURCE)
          .field("JobIteration", "job_iteration", CommonShapes.VERSION)
          .field("Reason", "reason")
          .orNull(
              "Volumes",
              "volumes",
              Shape.of(VolumeAttachment.getDefaultInstance())
                  .field("ID", "id")
                  .field("Source", "source")
                  .field("Target", "target")
                  .build())
          .build();

  private TaskShapes() {}

  private static final class RestartConditionMember implements Shape.Member {
    private static final EnumNames NAMES = EnumNames.of(RestartCondition.getDescriptor());

    @Override
    public void read(JsonIn.Members in, Message.Builder into) {
      in.get("Condition")
          .filter(value -> !value.node().isTextual() || !value.node().textValue().isEmpty())
          .ifPresent(
              value ->
                  into.setField(
                      into.getDescriptorForType().findFieldByNumber(1), NAMES.read(value)));
    }

    @Override
    public void write(Message from, ObjectNode out) {
      out.put("Condition", NAMES.nameOf(((RestartPolicy) from).getConditionValue()));
    }
  }

  /** In JSON a limit among the others, in the message a field of the container. */
  private static final class PidsLimit implements Shape.Member {
    private static final int SINCE = 41;

    @Override
    public void read(JsonIn.Members in, Message.Builder into) {
      if (in.parent().reading().apiMinor() >= SINCE) {
        in.get("Resources")
            .flatMap(resources -> resources.members().get("Limits"))
            .flatMap(limits -> limits.members().get("Pids"))
            .ifPresent(pids -> read(pids, (TaskSpec.Builder) into));
      }
    }

    private static void read(JsonIn in, TaskSpec.Builder task) {
      long pids = (Long) Scalar.INT64.read(in);
      if (task.hasContainer()) {
        task.getContainerBuilder().setPidsLimit(pids);
      } else if (pids != 0) {
        throw in.bad("limits a container, and this task has none");
      }
    }

    @Override
    public void write(Message from, ObjectNode out) {
      long pids = ((TaskSpec) from).getContainer().getPidsLimit();
      if (pids != 0) {
        var _ = out.withObject("/Resources/Limits").put("Pids", pids);
      }
    }
  }
}
