package dev.swarm.cli.client.command.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Edits JSON trees and leaves alone what it does not know. */
public final class Tree {
  private Tree() {}

  /** The object at {@code name}, made when it is not there. */
  public static ObjectNode child(ObjectNode parent, String name) {
    if (parent.path(name) instanceof ObjectNode child) {
      return child;
    }
    return parent.putObject(name);
  }

  static List<String> strings(ObjectNode parent, String name) {
    List<String> strings = new ArrayList<>();
    parent.path(name).forEach(item -> strings.add(item.asText()));
    return strings;
  }

  static List<JsonNode> items(ObjectNode parent, String name) {
    List<JsonNode> items = new ArrayList<>();
    parent.path(name).forEach(items::add);
    return items;
  }

  /** Sets the list, or takes the field away when it is empty. */
  public static void setStrings(ObjectNode parent, String name, List<String> values) {
    if (values.isEmpty()) {
      parent.remove(name);
    } else {
      parent.set(name, Json.strings(values));
    }
  }

  /** Sets the list, or takes the field away when it is empty. */
  public static void setItems(ObjectNode parent, String name, List<? extends JsonNode> values) {
    if (values.isEmpty()) {
      parent.remove(name);
    } else {
      ArrayNode array = parent.putArray(name);
      values.forEach(array::add);
    }
  }

  public static void setText(ObjectNode parent, String name, String value) {
    if (value.isEmpty()) {
      parent.remove(name);
    } else {
      parent.put(name, value);
    }
  }

  public static void setMap(ObjectNode parent, String name, Map<String, String> values) {
    if (!values.isEmpty()) {
      values.forEach(child(parent, name)::put);
    }
  }

  /** Takes {@code keys} out of the map and puts {@code added} into it. */
  static void editMap(
      ObjectNode parent, String name, Iterable<String> keys, Map<String, String> added) {
    if (parent.path(name) instanceof ObjectNode map) {
      keys.forEach(map::remove);
    }
    setMap(parent, name, added);
  }
}
