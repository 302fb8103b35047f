package dev.swarm.core.template;

import dev.swarm.core.template.Expression.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One rendering of a template: the output so far and the variables in scope. */
final class Run {
  private static final class Binding {
    final String name;
    Object value;

    Binding(String name, Object value) {
      this.name = name;
      this.value = value;
    }
  }

  /** Templates may come from anyone who may create a service: none holds a thread for long. */
  private static final int STEPS_MAX = 1_000_000;

  private static final int CHARS_MAX = 4 << 20;

  private final String source;
  private final Object root;
  private final Functions functions;
  private final Template.Absent absent;
  private final StringBuilder out = new StringBuilder();
  private final Deque<Binding> bindings = new ArrayDeque<>();
  private int steps;

  Run(String source, Object root, Functions functions, Template.Absent absent) {
    this.source = source;
    this.root = root;
    this.functions = functions;
    this.absent = absent;
  }

  String all(List<Part> parts) {
    write(parts, root);
    return out.toString();
  }

  void print(String text) {
    if (out.length() + text.length() > CHARS_MAX) {
      throw TemplateError.at(source, source.length(), "the template prints too much");
    }
    out.append(text);
  }

  /** Writes a block; variables it declares end with it. */
  void write(List<Part> parts, Object dot) {
    int depth = bindings.size();
    for (Part part : parts) {
      if (++steps > STEPS_MAX) {
        throw TemplateError.at(source, source.length(), "the template takes too many steps");
      }
      part.write(this, dot);
    }
    while (bindings.size() > depth) {
      bindings.pop();
    }
  }

  void with(Expression.With with, Object dot) {
    Object value = with.value().value(this, dot);
    boolean taken = Functions.truth(value);
    List<Part> block = taken ? with.then() : with.otherwise();
    scoped(with.variable(), value, () -> write(block, taken ? value : dot));
  }

  void range(Expression.Range range, Object dot) {
    Object values = range.values().value(this, dot);
    if (!(values instanceof Map || values instanceof List || values instanceof Nothing)) {
      throw error(range.values(), "range can't iterate over " + Functions.show(values));
    }
    if (!Functions.truth(values)) {
      write(range.otherwise(), dot);
    } else if (values instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        item(range, (long) i, list.get(i));
      }
    } else if (values instanceof Map<?, ?> map) {
      Map<String, Object> sorted = new TreeMap<>();
      map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
      sorted.forEach((key, value) -> item(range, key, value));
    }
  }

  private void item(Expression.Range range, Object key, Object item) {
    scoped(range.key(), key, () -> scoped(range.item(), item, () -> write(range.body(), item)));
  }

  private void scoped(Optional<String> variable, Object value, Runnable body) {
    variable.ifPresent(name -> bindings.push(new Binding(name, value)));
    body.run();
    variable.ifPresent(name -> bindings.pop());
  }

  void assign(Expression.Assign assign, Object dot) {
    Object value = assign.value().value(this, dot);
    if (assign.declares()) {
      bindings.push(new Binding(assign.variable(), value));
    } else {
      bound(assign.variable(), assign.value()).value = value;
    }
  }

  Object variable(Expression.Variable variable) {
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

  Object call(Expression.Call call, Object dot) {
    List<Object> arguments = new ArrayList<>();
    for (Expression argument : call.arguments()) {
      arguments.add(argument.value(this, dot));
    }
    try {
      return functions.call(call.function(), arguments);
    } catch (TemplateError e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw error(call, "error calling " + call.function() + ": " + e.getMessage());
    }
  }

  Object field(Expression.Field field, Object of) {
    Object value = of instanceof Map<?, ?> map ? map.get(field.name()) : null;
    if (value == null) {
      value = absent.value(field.name(), of instanceof Map);
    }
    if (value != null) {
      return value;
    }
    throw error(
        field,
        of instanceof Map<?, ?> map
            ? "no field \"" + field.name() + "\"; there are " + names(map)
            : "can't take field \"" + field.name() + "\" of " + described(of));
  }

  private static String described(Object value) {
    return value instanceof Nothing ? "nothing" : Functions.show(value);
  }

  private static String names(Map<?, ?> of) {
    return String.join(", ", of.keySet().stream().map(String::valueOf).toList());
  }

  private TemplateError error(Expression at, String why) {
    return TemplateError.at(source, at.offset(), why);
  }
}
