package dev.swarm.cli.node.engineapi.json;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.DiscreteGenericResource;
import docker.swarmkit.v1.Driver;
import docker.swarmkit.v1.GenericResource;
import docker.swarmkit.v1.Meta;
import docker.swarmkit.v1.NamedGenericResource;
import docker.swarmkit.v1.Platform;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.Resources;
import docker.swarmkit.v1.Version;

/** JSON shapes that several objects share. */
final class CommonShapes {
  static final Shape VERSION =
      Shape.of(Version.getDefaultInstance()).field("Index", "index").build();

  static final Shape META =
      Shape.of(Meta.getDefaultInstance())
          .always("Version", "version", VERSION)
          .always("CreatedAt", "created_at")
          .always("UpdatedAt", "updated_at")
          .build();

  static final Shape ANNOTATIONS =
      Shape.of(Annotations.getDefaultInstance())
          .field("Name", "name")
          .always("Labels", "labels")
          .build();

  static final Shape DRIVER =
      Shape.of(Driver.getDefaultInstance())
          .field("Name", "name")
          .field("Options", "options")
          .build();

  static final Shape PLATFORM =
      Shape.of(Platform.getDefaultInstance())
          .field("Architecture", "architecture")
          .field("OS", "os")
          .build();

  static final Shape GENERIC_RESOURCE =
      Shape.of(GenericResource.getDefaultInstance())
          .field(
              "NamedResourceSpec",
              "named_resource_spec",
              Shape.of(NamedGenericResource.getDefaultInstance())
                  .field("Kind", "kind")
                  .field("Value", "value")
                  .build())
          .field(
              "DiscreteResourceSpec",
              "discrete_resource_spec",
              Shape.of(DiscreteGenericResource.getDefaultInstance())
                  .field("Kind", "kind")
                  .field("Value", "value", Scalar.AMOUNT)
                  .build())
          .build();

  static final Shape RESOURCES =
      Shape.of(Resources.getDefaultInstance())
          .field("NanoCPUs", "nano_cpus", Scalar.AMOUNT)
          .field("MemoryBytes", "memory_bytes", Scalar.AMOUNT)
          .field("GenericResources", "generic", GENERIC_RESOURCE)
          .build();

  static final Shape PORT =
      Shape.of(PortConfig.getDefaultInstance())
          .field("Name", "name")
          .always("Protocol", "protocol")
          .field("TargetPort", "target_port", Scalar.PORT)
          .field("PublishedPort", "published_port", Scalar.PORT)
          .always("PublishMode", "publish_mode")
          .check(CommonShapes::targetByDefault)
          .build();

  /** A port of the container that is not named is the one it is published as. */
  private static void targetByDefault(JsonIn.Members in, Message.Builder port) {
    FieldDescriptor target =
        port.getDescriptorForType().findFieldByNumber(PortConfig.TARGET_PORT_FIELD_NUMBER);
    FieldDescriptor published =
        port.getDescriptorForType().findFieldByNumber(PortConfig.PUBLISHED_PORT_FIELD_NUMBER);
    if ((Integer) port.getField(target) == 0) {
      port.setField(target, port.getField(published));
    }
  }

  private CommonShapes() {}
}
