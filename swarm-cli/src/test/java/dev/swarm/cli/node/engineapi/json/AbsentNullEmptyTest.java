package dev.swarm.cli.node.engineapi.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import docker.swarmkit.v1.ClusterSpec;
import docker.swarmkit.v1.ConfigSpec;
import docker.swarmkit.v1.NetworkSpec;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.SecretSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * The engine's JSON decoder takes null for any field as if it were absent, an empty list as none
 * and an empty object as one with defaults; so clients send all of these. Another kind of value
 * than the field's it refuses. Here each field of each body, as its shape writes it, is made each
 * of these.
 */
class AbsentNullEmptyTest {
  private static final int SEEDS = 12;
  private static final JsonNodeFactory MAKE = JsonNodeFactory.instance;

  /** Objects whose names are the user's own. */
  private static final Set<String> MAPS =
      Set.of("Labels", "Options", "DriverOpts", "Sysctls", "AuxiliaryAddresses");

  /** What means nothing when it is empty, to the engine too: it asks what to run, or whose. */
  private static final Set<String> NOT_EMPTY =
      Set.of("TaskTemplate", "ProcessSpec", "CredentialSpec");

  /** A body, full, and what reads it. */
  private record Body(Shape shape, ObjectNode json) {
    Body changed(Place place, Consumer<ObjectNode> change) {
      ObjectNode copy = json.deepCopy();
      change.accept((ObjectNode) copy.at(place.parent()));
      return new Body(shape, copy);
    }

    /** The message, or why there is none. */
    Object read() {
      try {
        return shape.read(JsonIn.body(json, 99));
      } catch (BadJson e) {
        return String.valueOf(e.getMessage());
      }
    }

    String refused() {
      return read() instanceof String why ? why : "";
    }
  }

  /**
   * A field.
   *
   * @param parent a pointer to the object that it is in
   * @param inMap whether that object is the user's own
   */
  private record Place(String parent, String name, JsonNode value, boolean inMap) {
    @Override
    public String toString() {
      return parent + "/" + name;
    }
  }

  private static List<Body> bodies() {
    List<Body> bodies = new ArrayList<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      RandomMessages random = new RandomMessages(seed, 1);
      bodies.add(body(ServiceShapes.SERVICE_SPEC, random.serviceSpec()));
      bodies.add(body(NodeShapes.NODE_SPEC, random.message(NodeSpec.getDefaultInstance())));
      bodies.add(
          body(ClusterShapes.CLUSTER_SPEC, random.message(ClusterSpec.getDefaultInstance())));
      bodies.add(body(StoredShapes.SECRET_SPEC, random.message(SecretSpec.getDefaultInstance())));
      bodies.add(body(StoredShapes.CONFIG_SPEC, random.message(ConfigSpec.getDefaultInstance())));
      bodies.add(body(NetworkShapes.CREATE, random.message(NetworkSpec.getDefaultInstance())));
    }
    return bodies;
  }

  private static Body body(Shape shape, Message full) {
    Body body = new Body(shape, shape.write(full));
    assertEquals("", body.refused());
    return body;
  }

  private static List<Place> places(JsonNode at, String pointer, boolean inMap) {
    List<Place> places = new ArrayList<>();
    if (at instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        places.addAll(places(list.get(i), pointer + "/" + i, false));
      }
    }
    if (at instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              field -> {
                String name = field.getKey();
                places.add(new Place(pointer, name, field.getValue(), inMap));
                if (!inMap) {
                  boolean map = MAPS.contains(name) && field.getValue().isObject();
                  places.addAll(places(field.getValue(), pointer + "/" + name, map));
                }
              });
    }
    return places;
  }

  private interface Law {
    void check(Body body, Place place);
  }

  private static void everywhere(Law law) {
    for (Body body : bodies()) {
      for (Place place : places(body.json(), "", false)) {
        law.check(body, place);
      }
    }
  }

  @Test
  void nullIsAsGoodAsAbsent() {
    Set<String> seen = new TreeSet<>();
    everywhere(
        (body, place) -> {
          seen.add(place.name());
          Body none = body.changed(place, in -> in.putNull(place.name()));
          Body wanted =
              place.inMap()
                  ? body.changed(place, in -> in.put(place.name(), ""))
                  : body.changed(place, in -> in.remove(place.name()));
          assertEquals(wanted.read(), none.read(), place::toString);
        });
    assertTrue(seen.size() > 100, "fields: " + seen.size());
  }

  @Test
  void anEmptyListIsNone() {
    everywhere(
        (body, place) -> {
          if (place.value().isArray()) {
            Object without = body.changed(place, in -> in.remove(place.name())).read();
            Body empty = body.changed(place, in -> in.putArray(place.name()));
            Body nothing = body.changed(place, in -> in.putArray(place.name()).addNull());
            assertEquals(without, empty.read(), place::toString);
            assertEquals(without, nothing.read(), place::toString);
          }
        });
  }

  @Test
  void anEmptyObjectIsTaken() {
    everywhere(
        (body, place) -> {
          if (place.value().isObject() && !NOT_EMPTY.contains(place.name())) {
            Body empty =
                body.changed(
                    place,
                    in -> {
                      in.putObject(place.name());
                      in.remove("SwapBytes"); // it needs a limit of memory beside it
                    });
            assertEquals("", empty.refused(), place::toString);
          }
        });
  }

  @Test
  void anotherKindOfValueIsRefusedByItsName() {
    everywhere(
        (body, place) -> {
          for (JsonNode wrong : others(place.value())) {
            Body changed = body.changed(place, in -> in.set(place.name(), wrong));
            String why = changed.refused();
            assertTrue(why.contains(place.name()), () -> place + " = " + wrong + ": " + why);
          }
        });
  }

  private static List<JsonNode> others(JsonNode value) {
    List<JsonNode> others = new ArrayList<>();
    if (!value.isTextual()) {
      others.add(MAKE.textNode("7"));
    }
    if (!value.isNumber()) {
      others.add(MAKE.numberNode(7));
    }
    if (!value.isBoolean()) {
      others.add(MAKE.booleanNode(true));
    }
    if (!value.isArray()) {
      others.add(MAKE.arrayNode());
    }
    if (!value.isObject()) {
      others.add(MAKE.objectNode());
    }
    return value.isNull() ? List.of() : others;
  }
}
