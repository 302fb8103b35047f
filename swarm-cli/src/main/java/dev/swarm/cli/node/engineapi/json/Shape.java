package dev.swarm.cli.node.engineapi.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A message and its JSON object: a table of fields that serves reading and writing alike, so that
 * the two directions cannot drift apart. A name that is not in the message fails when the class
 * loads.
 */
public final class Shape implements JsonType {

  /** One row of the table. */
  public interface Member {
    void read(JsonIn.Members in, Message.Builder into);

    void write(Message from, ObjectNode out);
  }

  private final Message prototype;
  private final List<Member> members;

  private Shape(Message prototype, List<Member> members) {
    this.prototype = prototype;
    this.members = List.copyOf(members);
  }

  public static Builder of(Message prototype) {
    return new Builder(prototype);
  }

  /** A new message with what the JSON says and defaults elsewhere. */
  @Override
  public Message read(JsonIn in) {
    Message.Builder into = prototype.newBuilderForType();
    merge(in, into);
    return into.build();
  }

  /** As {@link #read}, for a message of a known class. */
  public <M extends Message> M readAs(Class<M> type, JsonIn in) {
    return type.cast(read(in));
  }

  /** Lays what the JSON says over {@code into}; what it does not mention stays. */
  public void merge(JsonIn in, Message.Builder into) {
    JsonIn.Members object = in.members();
    merge(object, into);
    object.reportUnknown();
  }

  private void merge(JsonIn.Members object, Message.Builder into) {
    for (Member member : members) {
      member.read(object, into);
    }
  }

  @Override
  public ObjectNode write(Object message) {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    write((Message) message, out);
    return out;
  }

  private void write(Message message, ObjectNode out) {
    for (Member member : members) {
      member.write(message, out);
    }
  }

  @Override
  public boolean isEmpty(Object value) {
    return false;
  }

  /** Collects the rows, in the order in which they are written. */
  public static final class Builder {
    private final Message prototype;
    private final Descriptor descriptor;
    private final List<Member> members = new ArrayList<>();

    private Builder(Message prototype) {
      this.prototype = prototype;
      this.descriptor = prototype.getDescriptorForType();
    }

    /** Left out when empty. */
    public Builder field(String json, String proto) {
      return add(json, proto, usual(proto), Field.Absence.OMITTED);
    }

    public Builder field(String json, String proto, JsonType type) {
      return add(json, proto, type, Field.Absence.OMITTED);
    }

    /** Written even when empty. */
    public Builder always(String json, String proto) {
      return add(json, proto, usual(proto), Field.Absence.WRITTEN);
    }

    public Builder always(String json, String proto, JsonType type) {
      return add(json, proto, type, Field.Absence.WRITTEN);
    }

    /** Written as null when absent. */
    public Builder orNull(String json, String proto, JsonType type) {
      return add(json, proto, type, Field.Absence.NULL);
    }

    /** Written as {@code {}} when absent. */
    public Builder orEmpty(String json, String proto, JsonType type) {
      return add(json, proto, type, Field.Absence.EMPTY_OBJECT);
    }

    /** Must be in the JSON. */
    public Builder required(String json, String proto) {
      always(json, proto);
      return check(
          (in, into) -> {
            if (in.get(json).filter(v -> !v.node().asText().isEmpty()).isEmpty()) {
              throw in.bad(json, "must be set");
            }
          });
    }

    /** Taken from clients, never shown: keys. */
    public Builder secret(String json, String proto, JsonType type) {
      members.add(new Field(json, find(proto), type, Field.Absence.NEVER_WRITTEN));
      return this;
    }

    /** Makes the last row one that exists only from API version 1.{@code minor} on. */
    public Builder since(int minor) {
      members.add(new Since(minor, members.removeLast()));
      return this;
    }

    /** A message field whose own fields stand in this JSON object. */
    public Builder inline(String proto, Shape shape) {
      members.add(new Inline(find(proto), shape));
      return this;
    }

    /** A JSON object whose fields belong to this message; {@code shape} is of the same message. */
    public Builder group(String json, Shape shape) {
      members.add(new Group(json, shape));
      return this;
    }

    /** Runs after the rows before it were read. */
    public Builder check(Check check) {
      members.add(check);
      return this;
    }

    /** A row that only writes. */
    public Builder written(BiConsumer<Message, ObjectNode> writer) {
      return member(new Written(writer));
    }

    public Builder member(Member member) {
      members.add(member);
      return this;
    }

    /** Names that clients may send and that mean nothing here. */
    public Builder ignored(String... names) {
      return check(
          (in, into) -> {
            for (String name : names) {
              var _ = in.get(name);
            }
          });
    }

    public Shape build() {
      return new Shape(prototype, members);
    }

    private Builder add(String json, String proto, JsonType type, Field.Absence absence) {
      members.add(new Field(json, find(proto), type, absence));
      return this;
    }

    private JsonType usual(String proto) {
      FieldDescriptor field = find(proto);
      return field.isMapField() ? Scalar.STRING : Scalar.usual(field);
    }

    private FieldDescriptor find(String proto) {
      FieldDescriptor field = descriptor.findFieldByName(proto);
      if (field == null) {
        throw new IllegalArgumentException(descriptor.getFullName() + " has no field " + proto);
      }
      return field;
    }
  }

  /** A row that only reads: it may refuse, or set what depends on several fields. */
  @FunctionalInterface
  public interface Check extends Member {
    @Override
    void read(JsonIn.Members in, Message.Builder into);

    @Override
    default void write(Message from, ObjectNode out) {}
  }

  private record Written(BiConsumer<Message, ObjectNode> writer) implements Member {
    @Override
    public void read(JsonIn.Members in, Message.Builder into) {}

    @Override
    public void write(Message from, ObjectNode out) {
      writer.accept(from, out);
    }
  }

  private record Inline(FieldDescriptor field, Shape shape) implements Member {
    @Override
    public void read(JsonIn.Members in, Message.Builder into) {
      shape.merge(in, into.getFieldBuilder(field));
    }

    @Override
    public void write(Message from, ObjectNode out) {
      shape.write((Message) from.getField(field), out);
    }
  }

  private record Group(String json, Shape shape) implements Member {
    @Override
    public void read(JsonIn.Members in, Message.Builder into) {
      in.get(json).ifPresent(child -> shape.merge(child, into));
    }

    @Override
    public void write(Message from, ObjectNode out) {
      out.set(json, shape.write(from));
    }
  }

  private record Since(int minor, Member member) implements Member {
    @Override
    public void read(JsonIn.Members in, Message.Builder into) {
      if (in.parent().reading().apiMinor() >= minor) {
        member.read(in, into);
      }
    }

    @Override
    public void write(Message from, ObjectNode out) {
      member.write(from, out);
    }
  }

  /** Whether {@code field} tells absent from empty by itself. */
  static boolean hasPresence(FieldDescriptor field) {
    return !field.isRepeated()
        && (field.getJavaType() == JavaType.MESSAGE || field.getContainingOneof() != null);
  }

  /** For callers that hold a node rather than a message. */
  static JsonNode emptyObject() {
    return JsonNodeFactory.instance.objectNode();
  }
}
