package dev.swarm.cli.render;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * What stands between the braces of a template's action. Each kind hands itself to the right method
 * of a {@link TemplateRun}.
 */
interface Expression {
  /** Where it starts in the template, counted from 0. */
  int offset();

  /** Its value where the value in hand is {@code dot}. */
  JsonNode value(TemplateRun run, JsonNode dot);

  /** The value in hand, {@code .}. */
  record Dot(int offset) implements Expression {
    @Override
    public JsonNode value(TemplateRun run, JsonNode dot) {
      return dot;
    }
  }

  record Constant(JsonNode value, int offset) implements Expression {
    @Override
    public JsonNode value(TemplateRun run, JsonNode dot) {
      return value;
    }
  }

  /** {@code $name}; {@code $} itself has an empty name. */
  record Variable(String name, int offset) implements Expression {
    @Override
    public JsonNode value(TemplateRun run, JsonNode dot) {
      return run.variable(this);
    }
  }

  /** {@code of.name}. */
  record Field(Expression of, String name, int offset) implements Expression {
    @Override
    public JsonNode value(TemplateRun run, JsonNode dot) {
      return run.field(this, of.value(run, dot));
    }
  }

  /** A function by name with its arguments; a pipe's value comes last. */
  record Call(String function, List<Expression> arguments, int offset) implements Expression {
    @Override
    public JsonNode value(TemplateRun run, JsonNode dot) {
      return run.call(this, dot);
    }
  }

  /** A piece of a template. */
  interface Part {
    void write(TemplateRun run, JsonNode dot);
  }

  record Text(String text) implements Part {
    @Override
    public void write(TemplateRun run, JsonNode dot) {
      run.print(text);
    }
  }

  record Print(Expression value) implements Part {
    @Override
    public void write(TemplateRun run, JsonNode dot) {
      run.print(TemplateFunctions.show(value.value(run, dot)));
    }
  }

  /**
   * @param declares whether a new variable starts, against a new value for an old one
   */
  record Assign(String variable, Expression value, boolean declares) implements Part {
    @Override
    public void write(TemplateRun run, JsonNode dot) {
      run.assign(this, dot);
    }
  }

  record If(Expression condition, List<Part> then, List<Part> otherwise) implements Part {
    @Override
    public void write(TemplateRun run, JsonNode dot) {
      boolean taken = TemplateFunctions.truth(condition.value(run, dot));
      run.write(taken ? then : otherwise, dot);
    }
  }

  record With(Optional<String> variable, Expression value, List<Part> then, List<Part> otherwise)
      implements Part {
    @Override
    public void write(TemplateRun run, JsonNode dot) {
      run.with(this, dot);
    }
  }

  record Range(
      Optional<String> key,
      Optional<String> item,
      Expression values,
      List<Part> body,
      List<Part> otherwise)
      implements Part {
    @Override
    public void write(TemplateRun run, JsonNode dot) {
      run.range(this, dot);
    }
  }
}
