package dev.swarm.cli.node.engineapi.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.swarm.v1.ProcessSpec;
import docker.swarmkit.v1.GenericRuntimeSpec;
import docker.swarmkit.v1.NetworkAttachmentSpec;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import java.util.Optional;

/**
 * JSON members for the runtime of a task: a container or, as our addition, a plain process ({@code
 * "Runtime":"process"} with a {@code ProcessSpec}), which travels as a generic runtime.
 */
final class RuntimeMember implements Shape.Member {
  static final String PROCESS_KIND = "process";

  private static final Shape PROCESS_SPEC =
      Shape.of(ProcessSpec.getDefaultInstance())
          .field("Command", "command")
          .field("Env", "env")
          .field("Dir", "dir")
          .field("User", "user")
          .field("StopSignal", "stop_signal")
          .field("StopGracePeriod", "stop_grace_period", Scalar.DURATION_OR_ABSENT)
          .check(
              (in, into) -> {
                if (((ProcessSpec.Builder) into).getCommandCount() == 0) {
                  throw in.bad("Command", "must name a program");
                }
              })
          .build();

  private static final Shape ATTACHMENT_SPEC =
      Shape.of(NetworkAttachmentSpec.getDefaultInstance())
          .always("ContainerID", "container_id")
          .build();

  @Override
  public void read(JsonIn.Members in, Message.Builder into) {
    var task = (TaskSpec.Builder) into;
    String runtime = in.get("Runtime").map(v -> (String) Scalar.STRING.read(v)).orElse("");
    Optional<JsonIn> container = in.get("ContainerSpec");
    Optional<JsonIn> process = in.get("ProcessSpec");
    switch (runtime) {
      case "", "container" ->
          ContainerShapes.CONTAINER_SPEC.merge(
              container.orElseThrow(() -> mismatch(in, "ContainerSpec")),
              task.getContainerBuilder());
      case PROCESS_KIND ->
          task.setGeneric(generic(process.orElseThrow(() -> mismatch(in, "ProcessSpec"))));
      default ->
          throw in.bad(
              "Runtime",
              "unsupported runtime \"" + runtime + "\", must be \"container\" or \"process\"");
    }
  }

  private static BadJson mismatch(JsonIn.Members in, String missing) {
    return in.bad(missing, "must be set: mismatched Runtime and *Spec fields");
  }

  private static GenericRuntimeSpec generic(JsonIn in) {
    return GenericRuntimeSpec.newBuilder()
        .setKind(PROCESS_KIND)
        .setPayload(Any.pack(PROCESS_SPEC.read(in)))
        .build();
  }

  @Override
  public void write(Message from, ObjectNode out) {
    var task = (TaskSpec) from;
    switch (task.getRuntimeCase()) {
      case CONTAINER -> {
        out.set("ContainerSpec", ContainerShapes.CONTAINER_SPEC.write(task.getContainer()));
        out.put("Runtime", "container");
      }
      case GENERIC -> {
        process(task).ifPresent(spec -> out.set("ProcessSpec", PROCESS_SPEC.write(spec)));
        out.put("Runtime", task.getGeneric().getKind());
      }
      case ATTACHMENT -> {
        out.set("NetworkAttachmentSpec", ATTACHMENT_SPEC.write(task.getAttachment()));
        out.put("Runtime", "attachment");
      }
      case RUNTIME_NOT_SET -> {}
    }
  }

  /** Empty for other generic runtimes, and for a payload that does not parse. */
  private static Optional<ProcessSpec> process(TaskSpec task) {
    try {
      return task.getGeneric().getPayload().is(ProcessSpec.class)
          ? Optional.of(task.getGeneric().getPayload().unpack(ProcessSpec.class))
          : Optional.empty();
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  /**
   * The stock client prints {@code ContainerSpec.Image} of every task without looking whether there
   * is one, and stock engines do not name the runtime of a container's task.
   */
  static final class AsShownOnTask implements Shape.Member {
    @Override
    public void read(JsonIn.Members in, Message.Builder into) {}

    @Override
    public void write(Message from, ObjectNode out) {
      TaskSpec spec = ((Task) from).getSpec();
      ObjectNode shown = out.withObject("/Spec");
      if (spec.hasContainer()) {
        shown.remove("Runtime");
      } else if (spec.hasGeneric()) {
        String image =
            process(spec)
                .flatMap(p -> p.getCommandList().stream().findFirst())
                .orElse(spec.getGeneric().getKind());
        shown.putObject("ContainerSpec").put("Image", image);
      }
    }
  }
}
