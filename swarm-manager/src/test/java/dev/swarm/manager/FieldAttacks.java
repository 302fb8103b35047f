package dev.swarm.manager;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** A message with each of its fields, however deep, too long, too many, out of range or half. */
final class FieldAttacks {
  private static final int DEPTH_MAX = 8;
  private static final int TOO_MANY = 30_000;
  private static final String TOO_LONG = "x".repeat(3 << 20);

  private final Message base;
  private final BiConsumer<String, Message> attack;

  private FieldAttacks(Message base, BiConsumer<String, Message> attack) {
    this.base = base;
    this.attack = attack;
  }

  /**
   * @param attack is given each message, and what is wrong with it
   */
  static void on(Message base, BiConsumer<String, Message> attack) {
    new FieldAttacks(base, attack).descend(List.of(), base.getDescriptorForType());
  }

  private void descend(List<FieldDescriptor> path, Descriptor type) {
    for (FieldDescriptor field : type.getFields()) {
      List<FieldDescriptor> deeper = new ArrayList<>(path);
      deeper.add(field);
      for (Object value : values(field)) {
        if (field.isRepeated()) {
          attack(deeper, "one odd element", at -> at.addRepeatedField(field, value));
        } else {
          attack(deeper, "an odd value", at -> at.setField(field, value));
        }
      }
      if (field.isMapField()) {
        attack(deeper, "too many", at -> many(at, field));
      } else if (field.isRepeated()) {
        attack(deeper, "too many", at -> fill(at, field));
      } else if (field.hasPresence()) {
        attack(deeper, "none", at -> at.clearField(field));
      }
      boolean nested = field.getJavaType() == JavaType.MESSAGE && !field.isMapField();
      if (nested && path.size() < DEPTH_MAX) {
        descend(deeper, field.getMessageType());
      }
    }
  }

  private interface Edit {
    void on(Message.Builder at);
  }

  private void attack(List<FieldDescriptor> path, String what, Edit edit) {
    Message.Builder root = base.toBuilder();
    Message.Builder at = root;
    for (FieldDescriptor field : path.subList(0, path.size() - 1)) {
      if (field.isRepeated()) {
        if (at.getRepeatedFieldCount(field) == 0) {
          at.addRepeatedField(field, at.newBuilderForField(field).build());
        }
        at = at.getRepeatedFieldBuilder(field, 0);
      } else {
        at = at.getFieldBuilder(field);
      }
    }
    edit.on(at);
    String where =
        path.stream().map(FieldDescriptor::getName).reduce((a, b) -> a + "." + b).orElse("");
    attack.accept(where + ": " + what, root.build());
  }

  private static void fill(Message.Builder at, FieldDescriptor field) {
    Object element =
        field.getJavaType() == JavaType.MESSAGE
            ? at.newBuilderForField(field).build()
            : values(field).getLast();
    for (int i = 0; i < TOO_MANY; i++) {
      at.addRepeatedField(field, element);
    }
  }

  private static void many(Message.Builder at, FieldDescriptor field) {
    FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
    for (int i = 0; i < TOO_MANY; i++) {
      Message.Builder entry = at.newBuilderForField(field);
      at.addRepeatedField(
          field,
          key.getJavaType() == JavaType.STRING
              ? entry.setField(key, "k" + i).build()
              : entry.build());
    }
  }

  /** The last one is small. */
  private static List<?> values(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT -> List.of(Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE);
      case LONG ->
          List.of(Long.MIN_VALUE, -1L, 0L, 31_556_889_864_403_199L, Long.MAX_VALUE, 1L << 32);
      case FLOAT -> List.of(Float.NaN, Float.NEGATIVE_INFINITY, -1f, Float.MAX_VALUE);
      case DOUBLE -> List.of(Double.NaN, Double.NEGATIVE_INFINITY, -1.0, Double.MAX_VALUE);
      case BOOLEAN -> List.of(true, false);
      case STRING -> List.of(TOO_LONG, "\u0000\u001b[2J\n'\"{{", "é".repeat(100_000), "", "a/../b");
      case BYTE_STRING ->
          List.of(
              ByteString.copyFrom(new byte[3 << 20]),
              ByteString.EMPTY,
              ByteString.copyFromUtf8("-----BEGIN"));
      case ENUM -> List.of(field.getEnumType().findValueByNumberCreatingIfUnknown(9999));
      case MESSAGE -> List.of();
    };
  }
}
