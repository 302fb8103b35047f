package dev.swarm.cli.node.engineapi.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** JSON names of an enum's values: {@code ON_FAILURE} is {@code "on-failure"}. */
public final class EnumNames implements JsonType {
  private final Map<String, EnumValueDescriptor> byName = new LinkedHashMap<>();
  private final Map<Integer, String> byNumber = new LinkedHashMap<>();

  private EnumNames(EnumDescriptor type, UnaryOperator<String> name) {
    for (EnumValueDescriptor value : type.getValues()) {
      String text = name.apply(value.getName().toLowerCase(Locale.ROOT));
      byName.put(text, value);
      byNumber.put(value.getNumber(), text);
    }
  }

  /** Lower case with hyphens. */
  public static EnumNames of(EnumDescriptor type) {
    return new EnumNames(type, name -> name.replace('_', '-'));
  }

  /** Lower case with the underscores kept. */
  static EnumNames withUnderscores(EnumDescriptor type) {
    return new EnumNames(type, name -> name);
  }

  /** Lower case without a prefix that only serves the enum's scope. */
  static EnumNames without(String prefix, EnumDescriptor type) {
    return new EnumNames(
        type, name -> name.startsWith(prefix) ? name.substring(prefix.length()) : name);
  }

  /** In any case; empty for a name that does not exist. */
  public Optional<EnumValueDescriptor> find(String name) {
    return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
  }

  /** A number that came after this program was built reads as {@code unknown-7}. */
  public String nameOf(int number) {
    return byNumber.getOrDefault(number, "unknown-" + number);
  }

  /** As a sentence lists them. */
  public String choices() {
    return String.join(", ", byName.keySet());
  }

  @Override
  public Object read(JsonIn in) {
    String text = (String) Scalar.STRING.read(in);
    if (text.isEmpty()) {
      return byName.values().iterator().next();
    }
    return find(text).orElseThrow(() -> in.bad("\"" + text + "\" is not one of " + choices()));
  }

  @Override
  public JsonNode write(Object value) {
    return TextNode.valueOf(nameOf(((EnumValueDescriptor) value).getNumber()));
  }

  @Override
  public boolean isEmpty(Object value) {
    return ((EnumValueDescriptor) value).getNumber() == 0;
  }
}
