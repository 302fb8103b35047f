package dev.swarm.core.template;

import dev.swarm.core.template.Expression.Part;
import dev.swarm.core.template.Lexer.Kind;
import dev.swarm.core.template.Lexer.Token;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Recursive descent over a template's tokens. */
final class Parser {
  /** How deep blocks and parentheses may nest. */
  private static final int DEPTH_MAX = 100;

  private final String source;
  private final Functions functions;
  private final List<Token> tokens;
  private int at;
  private int depth;

  private Parser(String source, Functions functions) {
    this.source = source;
    this.functions = functions;
    this.tokens = Lexer.lex(source);
  }

  static List<Part> parse(String source, Functions functions) {
    Parser parser = new Parser(source, functions);
    List<Part> parts = parser.parts();
    if (parser.at < parser.tokens.size()) {
      Token token = parser.tokens.get(parser.at);
      throw parser.error(token.offset(), "unexpected {{" + token.text() + "}}");
    }
    return parts;
  }

  /** Parts up to an {@code else}, an {@code end} or the end of the template. */
  private List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    while (at < tokens.size() && !atWord("end") && !atWord("else")) {
      Token token = tokens.get(at);
      if (token.kind() == Kind.TEXT) {
        at++;
        parts.add(new Expression.Text(token.text()));
      } else {
        parts.add(action(token));
      }
    }
    return parts;
  }

  private Part action(Token token) {
    enter(token);
    Part part =
        switch (token.kind() == Kind.WORD ? token.text() : "") {
          case "if" -> {
            at++;
            yield ifPart();
          }
          case "with" -> {
            at++;
            yield withPart(token);
          }
          case "range" -> {
            at++;
            yield rangePart(token);
          }
          default -> printOrAssign();
        };
    depth--;
    return part;
  }

  private Part printOrAssign() {
    Token token = tokens.get(at);
    if (token.kind() == Kind.VARIABLE && (peekSign(1, ":=") || peekSign(1, "="))) {
      boolean declares = peekSign(1, ":=");
      at += 2;
      Expression value = pipeline();
      endAction();
      return new Expression.Assign(token.text(), value, declares);
    }
    Expression value = pipeline();
    endAction();
    return new Expression.Print(value);
  }

  private Part ifPart() {
    Expression condition = pipeline();
    endAction();
    List<Part> then = parts();
    return new Expression.If(condition, then, otherwise());
  }

  private Part withPart(Token start) {
    Optional<String> variable = declared();
    Expression value = pipeline();
    endAction();
    List<Part> then = parts();
    atLeast(start);
    return new Expression.With(variable, value, then, otherwise());
  }

  private Part rangePart(Token start) {
    Optional<String> first = Optional.empty();
    if (at < tokens.size() && tokens.get(at).kind() == Kind.VARIABLE && peekSign(1, ",")) {
      first = Optional.of(tokens.get(at).text());
      at += 2;
    }
    Optional<String> second = declared();
    Expression values = pipeline();
    endAction();
    List<Part> body = parts();
    atLeast(start);
    return new Expression.Range(first, second, values, body, otherwise());
  }

  private Optional<String> declared() {
    if (at < tokens.size() && tokens.get(at).kind() == Kind.VARIABLE && peekSign(1, ":=")) {
      String name = tokens.get(at).text();
      at += 2;
      return Optional.of(name);
    }
    return Optional.empty();
  }

  /** The {@code else} branch, if any, and the {@code end}. */
  private List<Part> otherwise() {
    if (!atWord("else")) {
      expectWord("end");
      endAction();
      return List.of();
    }
    Token otherwise = tokens.get(at++);
    if (atWord("if")) {
      at++;
      enter(otherwise);
      Part nested = ifPart();
      depth--;
      return List.of(nested);
    }
    endAction();
    List<Part> parts = parts();
    expectWord("end");
    endAction();
    return parts;
  }

  private Expression pipeline() {
    Expression value = command(Optional.empty());
    while (at < tokens.size() && tokens.get(at).is(Kind.SIGN, "|")) {
      at++;
      value = command(Optional.of(value));
    }
    return value;
  }

  private Expression command(Optional<Expression> piped) {
    Token token = current("a value");
    if (token.kind() == Kind.WORD && !isConstant(token.text())) {
      at++;
      if (!functions.exists(token.text())) {
        throw error(token.offset(), "function \"" + token.text() + "\" not defined");
      }
      List<Expression> arguments = new ArrayList<>();
      while (at < tokens.size() && startsOperand(tokens.get(at))) {
        arguments.add(operand());
      }
      piped.ifPresent(arguments::add);
      return new Expression.Call(token.text(), arguments, token.offset());
    }
    if (piped.isPresent()) {
      throw error(token.offset(), "a function must follow the pipe");
    }
    Expression value = operand();
    if (at < tokens.size() && startsOperand(tokens.get(at))) {
      throw error(tokens.get(at).offset(), "unexpected argument after a value");
    }
    return value;
  }

  private static boolean startsOperand(Token token) {
    return switch (token.kind()) {
      case FIELD, VARIABLE, STRING, NUMBER, WORD -> true;
      case SIGN -> token.text().equals("(");
      case TEXT, END -> false;
    };
  }

  private Expression operand() {
    Token token = current("a value");
    at++;
    Expression value =
        switch (token.kind()) {
          case FIELD -> {
            Expression dot = new Expression.Dot(token.offset());
            yield token.text().isEmpty()
                ? dot
                : new Expression.Field(dot, token.text(), token.offset());
          }
          case VARIABLE -> new Expression.Variable(token.text(), token.offset());
          case STRING -> new Expression.Constant(token.text(), token.offset());
          case NUMBER -> new Expression.Constant(number(token), token.offset());
          case WORD -> word(token);
          case SIGN -> parenthesis(token);
          case TEXT, END -> throw error(token.offset(), "missing value");
        };
    return fieldsOf(value);
  }

  private Expression fieldsOf(Expression value) {
    Expression chained = value;
    while (at < tokens.size()
        && tokens.get(at).kind() == Kind.FIELD
        && !tokens.get(at).spaced()
        && !tokens.get(at).text().isEmpty()) {
      Token field = tokens.get(at++);
      chained = new Expression.Field(chained, field.text(), field.offset());
    }
    return chained;
  }

  private Expression word(Token token) {
    if (isConstant(token.text())) {
      Object value =
          token.text().equals("nil") ? Nothing.NIL : (Object) token.text().equals("true");
      return new Expression.Constant(value, token.offset());
    }
    if (!functions.exists(token.text())) {
      throw error(token.offset(), "function \"" + token.text() + "\" not defined");
    }
    return new Expression.Call(token.text(), List.of(), token.offset());
  }

  private static boolean isConstant(String word) {
    return word.equals("true") || word.equals("false") || word.equals("nil");
  }

  private Expression parenthesis(Token open) {
    if (!open.text().equals("(")) {
      throw error(open.offset(), "unexpected \"" + open.text() + "\"");
    }
    enter(open);
    Expression value = pipeline();
    if (!(at < tokens.size() && tokens.get(at).is(Kind.SIGN, ")"))) {
      throw error(open.offset(), "unclosed parenthesis");
    }
    at++;
    depth--;
    return value;
  }

  private Object number(Token token) {
    try {
      return token.text().contains(".")
          ? new BigDecimal(token.text())
          : (Object) Long.decode(token.text());
    } catch (NumberFormatException e) {
      throw error(token.offset(), "bad number \"" + token.text() + "\"");
    }
  }

  private boolean peekSign(int ahead, String sign) {
    return at + ahead < tokens.size() && tokens.get(at + ahead).is(Kind.SIGN, sign);
  }

  private boolean atWord(String word) {
    return at < tokens.size() && tokens.get(at).is(Kind.WORD, word);
  }

  private void expectWord(String word) {
    if (!atWord(word)) {
      int offset = at < tokens.size() ? tokens.get(at).offset() : source.length();
      throw error(offset, "missing {{" + word + "}}");
    }
    at++;
  }

  private void endAction() {
    Token token = current("}}");
    if (token.kind() != Kind.END) {
      throw error(token.offset(), "unexpected \"" + token.text() + "\" in an action");
    }
    at++;
  }

  private Token current(String wanted) {
    if (at >= tokens.size()) {
      throw error(source.length(), "the template ends where " + wanted + " is due");
    }
    return tokens.get(at);
  }

  private void atLeast(Token start) {
    if (at >= tokens.size()) {
      throw error(start.offset(), "missing {{end}} for this " + start.text());
    }
  }

  private void enter(Token token) {
    if (++depth > DEPTH_MAX) {
      throw error(token.offset(), "nested too deeply");
    }
  }

  private TemplateError error(int offset, String why) {
    return TemplateError.at(source, offset, why);
  }
}
