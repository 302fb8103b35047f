package dev.swarm.cli.node.engineapi.json;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * JSON form of one kind of field value. Values are those of protobuf reflection: {@code String},
 * {@code Integer}, {@code Long}, {@code Message}, {@code EnumValueDescriptor} and so on.
 */
public interface JsonType {
  /**
   * Never sees null: a null field counts as absent.
   *
   * @throws BadJson naming the path
   */
  Object read(JsonIn in);

  JsonNode write(Object value);

  /** Whether a field with this value may be left out, as Go's {@code omitempty} does. */
  boolean isEmpty(Object value);
}
