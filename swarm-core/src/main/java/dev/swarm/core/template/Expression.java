package dev.swarm.core.template;

import java.util.List;
import java.util.Optional;

/**
 * An expression within the action of a template. Each kind passes itself to the right method of a
 * {@link Run}.
 */
interface Expression {
  /** Where it starts in the template, counted from 0. */
  int offset();

  /** Its value where the value in hand is {@code dot}. */
  Object value(Run run, Object dot);

  /** The value in hand, {@code .}. */
  record Dot(int offset) implements Expression {
    @Override
    public Object value(Run run, Object dot) {
      return dot;
    }
  }

  record Constant(Object value, int offset) implements Expression {
    @Override
    public Object value(Run run, Object dot) {
      return value;
    }
  }

  /** {@code $name}; {@code $} itself has an empty name. */
  record Variable(String name, int offset) implements Expression {
    @Override
    public Object value(Run run, Object dot) {
      return run.variable(this);
    }
  }

  /** {@code of.name}. */
  record Field(Expression of, String name, int offset) implements Expression {
    @Override
    public Object value(Run run, Object dot) {
      return run.field(this, of.value(run, dot));
    }
  }

  /** A function by name with its arguments; a pipe's value comes last. */
  record Call(String function, List<Expression> arguments, int offset) implements Expression {
    @Override
    public Object value(Run run, Object dot) {
      return run.call(this, dot);
    }
  }

  /** A piece of a template. */
  interface Part {
    void write(Run run, Object dot);
  }

  record Text(String text) implements Part {
    @Override
    public void write(Run run, Object dot) {
      run.print(text);
    }
  }

  record Print(Expression value) implements Part {
    @Override
    public void write(Run run, Object dot) {
      run.print(Functions.show(value.value(run, dot)));
    }
  }

  /**
   * @param declares whether a new variable starts, against a new value for an old one
   */
  record Assign(String variable, Expression value, boolean declares) implements Part {
    @Override
    public void write(Run run, Object dot) {
      run.assign(this, dot);
    }
  }

  record If(Expression condition, List<Part> then, List<Part> otherwise) implements Part {
    @Override
    public void write(Run run, Object dot) {
      boolean taken = Functions.truth(condition.value(run, dot));
      run.write(taken ? then : otherwise, dot);
    }
  }

  record With(Optional<String> variable, Expression value, List<Part> then, List<Part> otherwise)
      implements Part {
    @Override
    public void write(Run run, Object dot) {
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
    public void write(Run run, Object dot) {
      run.range(this, dot);
    }
  }
}
