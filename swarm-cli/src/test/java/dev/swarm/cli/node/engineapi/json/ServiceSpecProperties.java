package dev.swarm.cli.node.engineapi.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Descriptors.FieldDescriptor;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.ServiceSpec;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ServiceSpecProperties {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int NEWEST = 99;

  @Property(tries = 300)
  void everyFieldSurvivesTheWayOutAndBack(@ForAll long seed) throws JsonProcessingException {
    ServiceSpec spec = new RandomMessages(seed, 0.6).serviceSpec();
    JsonIn json = throughText(ServiceShapes.SERVICE_SPEC.write(spec));
    assertEquals(spec, ServiceShapes.SERVICE_SPEC.read(json));
    assertEquals(List.of(), json.unknownFields());
  }

  @Property(tries = 50)
  void jsonIsStable(@ForAll long seed) throws JsonProcessingException {
    JsonNode first = ServiceShapes.SERVICE_SPEC.write(new RandomMessages(seed, 1).serviceSpec());
    JsonIn again = throughText(first);
    assertEquals(
        MAPPER.writeValueAsString(first),
        MAPPER.writeValueAsString(
            ServiceShapes.SERVICE_SPEC.write(ServiceShapes.SERVICE_SPEC.read(again))));
  }

  /** A field that is added to the message and forgotten here would be lost without a word. */
  @Example
  void noFieldOfAContainerIsForgotten() throws JsonProcessingException {
    ContainerSpec full = new RandomMessages(1, 1).containerSpec();
    Set<String> lost = new TreeSet<>();
    for (FieldDescriptor field : ContainerSpec.getDescriptor().getFields()) {
      ContainerSpec without = full.toBuilder().clearField(field).build();
      if (ContainerShapes.CONTAINER_SPEC
          .write(full)
          .equals(ContainerShapes.CONTAINER_SPEC.write(without))) {
        lost.add(field.getName());
      }
    }
    assertEquals(Set.of("pull_options", "pidsLimit"), lost, "pidsLimit is among the resources");
  }

  @Example
  void credentialsAreNeverShown() {
    ServiceSpec.Builder spec = ServiceSpec.newBuilder();
    spec.getTaskBuilder()
        .getContainerBuilder()
        .getPullOptionsBuilder()
        .setRegistryAuth("top-secret");
    JsonNode json = ServiceShapes.SERVICE_SPEC.write(spec.build());
    assertEquals(-1, json.toString().indexOf("top-secret"));
    assertNotEquals("{}", json.toString());
  }

  private static JsonIn throughText(JsonNode json) throws JsonProcessingException {
    return JsonIn.body(MAPPER.readTree(MAPPER.writeValueAsString(json)), NEWEST);
  }
}
