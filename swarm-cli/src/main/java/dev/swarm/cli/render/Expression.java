package dev.swarm.cli.render;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** What stands between the braces of a template's action. */
sealed interface Expression {
  /** Where it starts in the template, counted from 0. */
  int offset();

  /** The value in hand, {@code .}. */
  record Dot(int offset) implements Expression {}

  record Constant(JsonNode value, int offset) implements Expression {}

  /** {@code $name}; {@code $} itself has an empty name. */
  record Variable(String name, int offset) implements Expression {}

  /** {@code of.name}. */
  record Field(Expression of, String name, int offset) implements Expression {}

  /** A function by name with its arguments; a pipe's value comes last. */
  record Call(String function, List<Expression> arguments, int offset) implements Expression {}

  /** A piece of a template. */
  sealed interface Part {}

  record Text(String text) implements Part {}

  /** Prints its value, unless it sets a variable. */
  record Print(Expression value) implements Part {}

  /** @param declares whether a new variable starts, against a new value for an old one */
  record Assign(String variable, Expression value, boolean declares) implements Part {}

  record If(Expression condition, List<Part> then, List<Part> otherwise) implements Part {}

  record With(
      Optional<String> variable, Expression value, List<Part> then, List<Part> otherwise)
      implements Part {}

  record Range(
      Optional<String> key,
      Optional<String> item,
      Expression values,
      List<Part> body,
      List<Part> otherwise)
      implements Part {}
}
