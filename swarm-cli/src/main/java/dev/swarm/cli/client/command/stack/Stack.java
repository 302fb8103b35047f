package dev.swarm.cli.client.command.stack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.spec.Tree;
import dev.swarm.cli.client.command.stack.Value.Mapping;
import java.util.Map;
import java.util.Optional;

/**
 * A stack: its name, and the names of its objects. All objects of a stack carry its label, which is
 * all there is to a stack.
 */
public record Stack(String name) {
  /** The label by which everything of a stack is found. */
  public static final String LABEL = "com.docker.stack.namespace";

  /** The label that keeps a service's image as its file has it. */
  public static final String IMAGE_LABEL = "com.docker.stack.image";

  /**
   * @throws IllegalArgumentException for a name of nothing but quotes and white space
   */
  public static Stack named(String name) {
    if (name.replaceAll("[\\s\"']", "").isEmpty()) {
      throw new IllegalArgumentException("invalid stack name: \"" + name + "\"");
    }
    return new Stack(name);
  }

  /** The name in the cluster of what a file calls {@code inner}. */
  public String scope(String inner) {
    return name + "_" + inner;
  }

  /** The other way round. */
  public String descope(String outer) {
    String prefix = name + "_";
    return outer.startsWith(prefix) ? outer.substring(prefix.length()) : outer;
  }

  /** Under which name a network, volume, secret or config of the file is known. */
  String resolve(String inner, Mapping declared) {
    Optional<String> given = declared.text("name");
    return given.orElseGet(() -> declared.on("external") ? inner : scope(inner));
  }

  /** Sets the labels of something of this stack. */
  void label(ObjectNode node, Map<String, String> labels) {
    ObjectNode all = node.putObject("Labels");
    labels.forEach(all::put);
    all.put(LABEL, name);
  }

  static void setMap(ObjectNode node, String field, Map<String, String> values) {
    Tree.setMap(node, field, values);
  }
}
