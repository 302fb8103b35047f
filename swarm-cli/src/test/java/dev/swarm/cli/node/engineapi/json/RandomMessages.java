package dev.swarm.cli.node.engineapi.json;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Int64Value;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.swarm.v1.ProcessSpec;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.GenericRuntimeSpec;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.ResourceRequirements;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.TaskSpec;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Draws messages that the API could have made: every field takes part, within its own bounds. */
public final class RandomMessages {
  /** What JSON has no place for, and why. */
  static final Set<String> WITHOUT_JSON =
      Set.of(
          "Annotations.indices", // managers' own
          "ServiceSpec.networks", // deprecated: read into the task
          "TaskSpec.resource_references", // no such thing in the Engine API
          "TaskSpec.attachment", // only managers make those
          "ContainerSpec.pull_options", // credentials are never shown
          "NetworkAttachmentConfig.addresses"); // only attachments of plain containers

  private static final Set<String> FROM_ZERO =
      Set.of(
          "Resources.nano_cpus",
          "Resources.memory_bytes",
          "DiscreteGenericResource.value",
          "TmpfsOptions.size_bytes",
          "HealthConfig.retries");

  private static final Set<String> PORTS =
      Set.of("PortConfig.target_port", "PortConfig.published_port");

  private final Random random;
  private final double density;

  /**
   * @param density the share of fields that are set; 1 sets all of them
   */
  public RandomMessages(long seed, double density) {
    this.random = new Random(seed);
    this.density = density;
  }

  /** A service that could have been asked for. */
  public ServiceSpec serviceSpec() {
    ServiceSpec.Builder spec =
        ((ServiceSpec) message(ServiceSpec.getDefaultInstance())).toBuilder();
    if (spec.getModeCase() == ServiceSpec.ModeCase.MODE_NOT_SET) {
      spec.getGlobalBuilder();
    }
    // JSON has no place for the difference between no annotations and empty ones.
    var _ = spec.getAnnotationsBuilder();
    consistent(spec.getTaskBuilder());
    for (PortConfig.Builder port :
        spec.hasEndpoint()
            ? spec.getEndpointBuilder().getPortsBuilderList()
            : List.<PortConfig.Builder>of()) {
      // Where it is not named, it is the published one.
      port.setTargetPort(Math.max(1, port.getTargetPort()));
    }
    return spec.build();
  }

  /** Limits that JSON keeps in one object are spread over two messages. */
  private static void consistent(TaskSpec.Builder task) {
    if (task.getRuntimeCase() == TaskSpec.RuntimeCase.RUNTIME_NOT_SET) {
      task.getContainerBuilder().setImage("busybox");
    }
    if (task.hasContainer() && task.getContainer().getPidsLimit() != 0) {
      task.getResourcesBuilder().getLimitsBuilder();
    }
    if (task.hasResources()) {
      ResourceRequirements.Builder resources = task.getResourcesBuilder();
      if (resources.hasLimits()) {
        resources.getLimitsBuilder().clearGeneric();
      }
      if (resources.hasSwapBytes()) {
        resources.getLimitsBuilder().setMemoryBytes(1 << 30);
      }
    }
  }

  Message message(Message prototype) {
    return switch (prototype) {
      case GenericRuntimeSpec _ -> process();
      case Duration _ -> Times.duration(1 + (random.nextLong() >>> 2));
      case Timestamp _ -> Timestamp.newBuilder().setSeconds(random.nextInt(1 << 30)).build();
      case BoolValue _ -> BoolValue.of(random.nextBoolean());
      case Int64Value _ -> Int64Value.of(random.nextLong());
      default -> anyMessage(prototype);
    };
  }

  private Message anyMessage(Message prototype) {
    Message.Builder builder = prototype.newBuilderForType();
    for (FieldDescriptor field : prototype.getDescriptorForType().getFields()) {
      if (field.getContainingOneof() == null && !skipped(field) && wanted()) {
        set(builder, field);
      }
    }
    for (OneofDescriptor oneof : prototype.getDescriptorForType().getOneofs()) {
      List<FieldDescriptor> choices =
          oneof.getFields().stream().filter(field -> !skipped(field)).toList();
      set(builder, choices.get(random.nextInt(choices.size())));
    }
    return builder.build();
  }

  private GenericRuntimeSpec process() {
    ProcessSpec spec = (ProcessSpec) anyMessage(ProcessSpec.getDefaultInstance());
    return GenericRuntimeSpec.newBuilder()
        .setKind(RuntimeMember.PROCESS_KIND)
        .setPayload(Any.pack(spec.toBuilder().addCommand("run").build()))
        .build();
  }

  private boolean wanted() {
    return random.nextDouble() < density;
  }

  private static String name(FieldDescriptor field) {
    return field.getContainingType().getName() + "." + field.getName();
  }

  private static boolean skipped(FieldDescriptor field) {
    return WITHOUT_JSON.contains(name(field));
  }

  private void set(Message.Builder builder, FieldDescriptor field) {
    if (field.isRepeated()) {
      for (int count = 1 + random.nextInt(2); count > 0; count--) {
        addOne(builder, field);
      }
    } else {
      builder.setField(field, value(builder, field));
    }
  }

  private void addOne(Message.Builder builder, FieldDescriptor field) {
    if (!field.isMapField()) {
      builder.addRepeatedField(field, value(builder, field));
      return;
    }
    Message.Builder entry = builder.newBuilderForField(field);
    String key = "key" + builder.getRepeatedFieldCount(field) + text();
    entry.setField(field.getMessageType().findFieldByNumber(1), key);
    entry.setField(field.getMessageType().findFieldByNumber(2), text());
    builder.addRepeatedField(field, entry.build());
  }

  private Object value(Message.Builder builder, FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case STRING -> name(field).equals("TmpfsOptions.options") ? "[[\"a\",\"b\"],[]]" : text();
      case INT -> intValue(field);
      case LONG -> FROM_ZERO.contains(name(field)) ? random.nextLong() >>> 1 : random.nextLong();
      case BOOLEAN -> true;
      case FLOAT -> random.nextFloat() * random.nextInt(1000);
      case BYTE_STRING -> ByteString.copyFrom(new byte[] {1, (byte) random.nextInt(256), 0});
      case ENUM -> {
        var values = field.getEnumType().getValues();
        yield values.get(random.nextInt(values.size()));
      }
      case MESSAGE -> message(builder.newBuilderForField(field).build());
      case DOUBLE -> throw new AssertionError(field + " needs a generator");
    };
  }

  private int intValue(FieldDescriptor field) {
    if (PORTS.contains(name(field))) {
      return random.nextInt(65536);
    }
    return FROM_ZERO.contains(name(field)) ? random.nextInt(Integer.MAX_VALUE) : random.nextInt();
  }

  private String text() {
    StringBuilder text = new StringBuilder("x");
    for (int i = random.nextInt(4); i > 0; i--) {
      int point = random.nextInt(0x11_0000);
      boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
      text.appendCodePoint(surrogate ? 'y' : point);
    }
    return text.toString();
  }

  /** For laws that speak of containers alone. */
  ContainerSpec containerSpec() {
    return (ContainerSpec) message(ContainerSpec.getDefaultInstance());
  }
}
