package dev.swarm.cli.node.engineapi.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The plain row of a {@link Shape}: one JSON field for one field of the message. Null is as good as
 * absent, also in a list.
 */
record Field(String json, FieldDescriptor proto, JsonType type, Absence absence)
    implements Shape.Member {

  /** What is written for a field that is absent or empty. */
  enum Absence {
    OMITTED,
    WRITTEN,
    NULL,
    EMPTY_OBJECT,
    NEVER_WRITTEN
  }

  @Override
  public void read(JsonIn.Members in, Message.Builder into) {
    Optional<JsonIn> found = in.get(json);
    if (found.isEmpty()) {
      return;
    }
    JsonIn value = found.get();
    if (proto.isMapField()) {
      readMap(value, into);
    } else if (proto.isRepeated()) {
      into.setField(
          proto, value.elements().stream().filter(item -> !item.isNull()).map(type::read).toList());
    } else if (type instanceof Shape shape) {
      refuseSecondChoice(value, into);
      shape.merge(value, into.getFieldBuilder(proto));
    } else {
      readSingle(value, into);
    }
  }

  private void readSingle(JsonIn value, Message.Builder into) {
    Object read = type.read(value);
    if (type.isEmpty(read)) {
      into.clearField(proto);
    } else {
      refuseSecondChoice(value, into);
      into.setField(proto, read);
    }
  }

  private void readMap(JsonIn value, Message.Builder into) {
    into.clearField(proto);
    value.entries().forEach((key, item) -> into.addRepeatedField(proto, entry(into, key, item)));
  }

  private Message entry(Message.Builder into, String key, JsonIn item) {
    Message.Builder entry = into.newBuilderForField(proto);
    FieldDescriptor keyField = proto.getMessageType().findFieldByNumber(1);
    FieldDescriptor valueField = proto.getMessageType().findFieldByNumber(2);
    entry.setField(keyField, key);
    entry.setField(valueField, item.isNull() ? "" : type.read(item));
    return entry.build();
  }

  private void refuseSecondChoice(JsonIn value, Message.Builder into) {
    var oneof = proto.getContainingOneof();
    if (oneof != null && into.hasOneof(oneof)) {
      FieldDescriptor first = into.getOneofFieldDescriptor(oneof);
      if (first != null && !first.equals(proto)) {
        throw value.bad("excludes another choice that is set as well; set only one of them");
      }
    }
  }

  @Override
  public void write(Message from, ObjectNode out) {
    if (absence == Absence.NEVER_WRITTEN) {
      return;
    }
    if (isEmpty(from)) {
      writeEmpty(from, out);
    } else {
      out.set(json, value(from));
    }
  }

  private boolean isEmpty(Message from) {
    if (proto.isRepeated()) {
      return from.getRepeatedFieldCount(proto) == 0;
    }
    return (Shape.hasPresence(proto) && !from.hasField(proto))
        || type.isEmpty(from.getField(proto));
  }

  private void writeEmpty(Message from, ObjectNode out) {
    switch (absence) {
      case OMITTED, NEVER_WRITTEN -> {}
      case WRITTEN -> out.set(json, value(from));
      case NULL -> out.set(json, NullNode.getInstance());
      case EMPTY_OBJECT -> out.set(json, Shape.emptyObject());
    }
  }

  private JsonNode value(Message from) {
    Object value = from.getField(proto);
    if (proto.isMapField()) {
      return writeMap((List<?>) value);
    }
    if (proto.isRepeated()) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      ((List<?>) value).forEach(item -> list.add(type.write(item)));
      return list;
    }
    return type.write(value);
  }

  /** Sorted, as Go writes maps. */
  private JsonNode writeMap(List<?> entries) {
    Map<String, JsonNode> sorted = new TreeMap<>();
    for (Object entry : entries) {
      MapEntry<?, ?> pair = (MapEntry<?, ?>) entry;
      sorted.put((String) pair.getKey(), type.write(pair.getValue()));
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    sorted.forEach(object::set);
    return object;
  }
}
