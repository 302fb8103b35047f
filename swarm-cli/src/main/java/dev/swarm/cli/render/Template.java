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

/**
 * A parsed template of the subset of Go's template language that output formats use. Immutable; each
 * rendering has its own state.
 */
public final class Template {
  /** What a field that is not there means. */
  public enum Missing {
    /** An error, unless the Engine API knows a field of that name and may leave it out. */
    ERROR,
    /** The field's own last name: how a table's column heads are made. */
    NAME
  }

  private final String source;
  private final List<Part> parts;

  private Template(String source, List<Part> parts) {
    this.source = source;
    this.parts = parts;
  }

  /** @throws TemplateError saying where and why */
  public static Template parse(String source) {
    return new Template(source, TemplateParser.parse(source));
  }

  /** @throws TemplateError when it asks {@code data} for what is not there */
  public String render(JsonNode data) {
    return new Run(data, Missing.ERROR).all();
  }

  /** Renders a table's head: functions pass their first argument on. */
  public String renderHead(JsonNode heads) {
    return new Run(heads, Missing.NAME).all();
  }

  private record Binding(String name, JsonNode[] value) {}

  private final class Run {
    private final JsonNode root;
    private final Missing missing;
    private final StringBuilder out = new StringBuilder();
    private final Deque<Binding> bindings = new ArrayDeque<>();

    Run(JsonNode root, Missing missing) {
      this.root = root;
      this.missing = missing;
    }

    String all() {
      write(parts, root);
      return out.toString();
    }

    private void write(List<Part> parts, JsonNode dot) {
      int depth = bindings.size();
      parts.forEach(part -> write(part, dot));
      while (bindings.size() > depth) {
        bindings.pop();
      }
    }

    private void write(Part part, JsonNode dot) {
      switch (part) {
        case Expression.Text text -> out.append(text.text());
        case Expression.Print print ->
            out.append(TemplateFunctions.show(value(print.value(), dot)));
        case Expression.Assign assign -> assign(assign, dot);
        case Expression.If branch -> {
          boolean taken = TemplateFunctions.truth(value(branch.condition(), dot));
          write(taken ? branch.then() : branch.otherwise(), dot);
        }
        case Expression.With with -> {
          JsonNode value = value(with.value(), dot);
          boolean taken = TemplateFunctions.truth(value);
          scoped(
              with.variable(),
              value,
              () -> write(taken ? with.then() : with.otherwise(), taken ? value : dot));
        }
        case Expression.Range range -> range(range, dot);
      }
    }

    private void range(Expression.Range range, JsonNode dot) {
      JsonNode values = value(range.values(), dot);
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
      variable.ifPresent(name -> bindings.push(new Binding(name, new JsonNode[] {value})));
      body.run();
      variable.ifPresent(name -> bindings.pop());
    }

    private void assign(Expression.Assign assign, JsonNode dot) {
      JsonNode value = value(assign.value(), dot);
      if (assign.declares()) {
        bindings.push(new Binding(assign.variable(), new JsonNode[] {value}));
      } else {
        bound(assign.variable(), assign.value()).value()[0] = value;
      }
    }

    private Binding bound(String name, Expression at) {
      return bindings.stream()
          .filter(binding -> binding.name().equals(name))
          .findFirst()
          .orElseThrow(() -> error(at, "undefined variable \"$" + name + "\""));
    }

    private JsonNode value(Expression expression, JsonNode dot) {
      return switch (expression) {
        case Expression.Dot ignored -> dot;
        case Expression.Constant constant -> constant.value();
        case Expression.Variable variable ->
            variable.name().isEmpty() ? root : bound(variable.name(), variable).value()[0];
        case Expression.Field field -> field(field, value(field.of(), dot));
        case Expression.Call call -> call(call, dot);
      };
    }

    private JsonNode call(Expression.Call call, JsonNode dot) {
      List<JsonNode> arguments = new ArrayList<>();
      for (Expression argument : call.arguments()) {
        arguments.add(value(argument, dot));
      }
      if (missing == Missing.NAME && isFormatting(call.function()) && !arguments.isEmpty()) {
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

    private static boolean isFormatting(String function) {
      return switch (function) {
        case "json", "split", "join", "title", "lower", "upper", "truncate", "println" -> true;
        default -> false;
      };
    }

    private JsonNode field(Expression.Field field, JsonNode of) {
      JsonNode value = of.path(field.name());
      if (!value.isMissingNode()) {
        return value;
      }
      if (missing == Missing.NAME) {
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
}
