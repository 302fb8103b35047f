package dev.swarm.cli.node.engineapi.json;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever a client sends is either understood or refused in one sentence. */
class ArbitraryJsonProperties {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<Shape> SHAPES =
      List.of(
          ServiceShapes.SERVICE_SPEC,
          NodeShapes.NODE_SPEC,
          ClusterShapes.CLUSTER_SPEC,
          StoredShapes.SECRET_SPEC,
          StoredShapes.CONFIG_SPEC,
          NetworkShapes.CREATE);

  /** A good spec with one value in it replaced by anything. */
  @Property(tries = 1000)
  void aDamagedSpecIsReadOrRefused(@ForAll long seed) {
    Random random = new Random(seed);
    ObjectNode spec = ServiceShapes.SERVICE_SPEC.write(new RandomMessages(seed, 0.8).serviceSpec());
    damage(random, spec);
    readOrRefused(ServiceShapes.SERVICE_SPEC, spec);
  }

  @Property(tries = 500)
  void anythingIsReadOrRefused(@ForAll long seed) {
    JsonNode anything = anything(new Random(seed), 3);
    SHAPES.forEach(shape -> readOrRefused(shape, anything));
  }

  private static void readOrRefused(Shape shape, JsonNode json) {
    try {
      var message = shape.read(JsonIn.body(json, 99));
      // What was taken can be shown again.
      var _ = MAPPER.writeValueAsString(shape.write(message));
    } catch (BadJson e) {
      assertTrue(String.valueOf(e.getMessage()).startsWith("invalid JSON: "));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static void damage(Random random, JsonNode node) {
    if (node instanceof ObjectNode object && !object.isEmpty()) {
      List<String> names = object.properties().stream().map(Map.Entry::getKey).toList();
      String name = names.get(random.nextInt(names.size()));
      if (random.nextInt(4) == 0 || object.get(name).isValueNode()) {
        object.set(name, anything(random, 1));
      } else {
        damage(random, object.get(name));
      }
    } else if (node instanceof ArrayNode list && !list.isEmpty()) {
      if (list.get(0).isValueNode()) {
        var _ = list.set(0, anything(random, 1));
      } else {
        damage(random, list.get(0));
      }
    }
  }

  private static JsonNode anything(Random random, int depth) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    return switch (random.nextInt(depth > 0 ? 9 : 7)) {
      case 0 -> make.nullNode();
      case 1 -> make.booleanNode(random.nextBoolean());
      case 2 -> make.numberNode(random.nextLong());
      case 3 -> make.numberNode(random.nextDouble() * 1e300);
      case 4 -> make.numberNode(BigInteger.ONE.shiftLeft(random.nextInt(300)).negate());
      case 5 -> make.textNode(List.of("", "-", "\ud800", "container", "é").get(random.nextInt(5)));
      case 6 -> make.numberNode(random.nextInt(5) - 2);
      case 7 -> make.arrayNode().add(anything(random, depth - 1));
      default -> {
        ObjectNode object = make.objectNode();
        List<String> names =
            List.of(
                "Name", "Labels", "TaskTemplate", "ContainerSpec", "Mode", "Raft", "Data", "IPAM");
        object.set(names.get(random.nextInt(names.size())), anything(random, depth - 1));
        object.set(names.get(random.nextInt(names.size())), anything(random, depth - 1));
        yield object;
      }
    };
  }
}
