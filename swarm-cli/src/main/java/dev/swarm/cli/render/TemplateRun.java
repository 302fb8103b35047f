package dev.swarm.cli.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.swarm.cli.render.Expression.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One rendering of a template: what has been printed and the variables in sight. */
final class TemplateRun {
  private static final class Binding {
    final String name;
    JsonNode value;

    Binding(String name, JsonNode value) {
      this.name = name;
      this.value = value;
    }
  }

  private final String source;
  private final JsonNode root;
  private final boolean heads;
  private final StringBuilder out = new StringBuilder();
  private final Deque<Binding> bindings = new ArrayDeque<>();

  /**
   * @param heads whether a table's head is made: a field that is not there stands for its name
   */
  TemplateRun(String source, JsonNode root, boolean heads) {
    this.source = source;
    this.root = root;
    this.heads = heads;
  }

  String all(List<Part> parts) {
    write(parts, root);
    return out.toString();
  }

  void print(String text) {
    out.append(text);
  }

  /** Writes a block; variables it declares end with it. */
  void write(List<Part> parts, JsonNode dot) {
    int depth = bindings.size();
    for (Part part : parts) {
      part.write(this, dot);
    }
    while (bindings.size() > depth) {
      bindings.pop();
    }
  }

  void with(Expression.With with, JsonNode dot) {
    JsonNode value = with.value().value(this, dot);
    boolean taken = TemplateFunctions.truth(value);
    List<Part> block = taken ? with.then() : with.otherwise();
    scoped(with.variable(), value, () -> write(block, taken ? value : dot));
  }

  void range(Expression.Range range, JsonNode dot) {
    JsonNode values = range.values().value(this, dot);
    if (!values.isContainerNode() && !values.isMissingNode() && !values.isNull()) {
      throw error(range.values(), "range can't iterate over " + TemplateFunctions.show(values));
    }
    if (values.isEmpty()) {
      write(range.otherwise(), dot);
    } else if (values.isArray()) {
      for (int i = 0; i < values.size(); i++) {
        item(range, LongNode.valueOf(i), values.path(i));
      }
    } else {
      Map<String, JsonNode> sorted = new TreeMap<>();
      values.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
      sorted.forEach((key, value) -> item(range, new TextNode(key), value));
    }
  }

  private void item(Expression.Range range, JsonNode key, JsonNode item) {
    scoped(range.key(), key, () -> scoped(range.item(), item, () -> write(range.body(), item)));
  }

  private void scoped(Optional<String> variable, JsonNode value, Runnable body) {
    variable.ifPresent(name -> bindings.push(new Binding(name, value)));
    body.run();
    variable.ifPresent(name -> bindings.pop());
  }

  void assign(Expression.Assign assign, JsonNode dot) {
    JsonNode value = assign.value().value(this, dot);
    if (assign.declares()) {
      bindings.push(new Binding(assign.variable(), value));
    } else {
      bound(assign.variable(), assign.value()).value = value;
    }
  }

  JsonNode variable(Expression.Variable variable) {
    return variable.name().isEmpty() ? root : bound(variable.name(), variable).value;
  }

  private Binding bound(String name, Expression at) {
    for (Binding binding : bindings) {
      if (binding.name.equals(name)) {
        return binding;
      }
    }
    throw error(at, "undefined variable \"$" + name + "\"");
  }

  JsonNode call(Expression.Call call, JsonNode dot) {
    List<JsonNode> arguments = new ArrayList<>();
    for (Expression argument : call.arguments()) {
      arguments.add(argument.value(this, dot));
    }
    if (heads && isFormatting(call.function()) && !arguments.isEmpty()) {
      return arguments.getFirst();
    }
    try {
      return TemplateFunctions.call(call.function(), arguments);
    } catch (TemplateError e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw error(call, "error calling " + call.function() + ": " + e.getMessage());
    }
  }

  /** Whether a function only shapes its first argument, and so leaves a head as it is. */
  private static boolean isFormatting(String function) {
    return switch (function) {
      case "json", "split", "join", "title", "lower", "upper", "truncate", "println" -> true;
      default -> false;
    };
  }

  JsonNode field(Expression.Field field, JsonNode of) {
    JsonNode value = of.path(field.name());
    if (!value.isMissingNode()) {
      return value;
    }
    if (heads) {
      return new TextNode(field.name());
    }
    if (of.isObject() && EngineFields.known(field.name())) {
      return MissingNode.getInstance();
    }
    throw error(
        field,
        of.isObject()
            ? "no field \"" + field.name() + "\"; there are " + names(of)
            : "can't take field \"" + field.name() + "\" of " + described(of));
  }

  private static String described(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? "nothing" : TemplateFunctions.show(node);
  }

  private static String names(JsonNode of) {
    List<String> names = new ArrayList<>();
    of.fieldNames().forEachRemaining(names::add);
    return String.join(", ", names);
  }

  private TemplateError error(Expression at, String why) {
    return TemplateError.at(source, at.offset(), why);
  }
}
