package dev.swarm.core.template;

import java.util.ArrayList;
import java.util.List;

/** Cuts a template into literal text and the tokens of its actions. */
final class Lexer {
  enum Kind {
    /** Literal text outside of actions. */
    TEXT,
    /** The end of an action. */
    END,
    /** A word: a keyword, function or constant. */
    WORD,
    /** {@code .Name}, or a lone dot with empty text. */
    FIELD,
    /** {@code $name}, without the dollar. */
    VARIABLE,
    STRING,
    NUMBER,
    /** One of {@code | ( ) , = :=}. */
    SIGN
  }

  /**
   * @param offset where it starts, counted from 0
   * @param spaced whether white space stands before it
   */
  record Token(Kind kind, String text, int offset, boolean spaced) {
    boolean is(Kind kind, String text) {
      return this.kind == kind && this.text.equals(text);
    }
  }

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> lex(String source) {
    Lexer lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    boolean trimNext = false;
    while (true) {
      int open = source.indexOf("{{", at);
      int end = open < 0 ? source.length() : open;
      String text = source.substring(at, end);
      boolean trim = open >= 0 && isTrim(open + 2);
      addText(trimNext ? text.stripLeading() : text, trim);
      if (open < 0) {
        return;
      }
      at = open + (trim ? 3 : 2);
      trimNext = source.startsWith("/*", skipSpace(at)) ? comment(open) : action(open);
    }
  }

  private void addText(String text, boolean trimEnd) {
    String kept = trimEnd ? text.stripTrailing() : text;
    if (!kept.isEmpty()) {
      tokens.add(new Token(Kind.TEXT, kept, at, false));
    }
  }

  private boolean isTrim(int offset) {
    return source.startsWith("-", offset)
        && offset + 1 < source.length()
        && Character.isWhitespace(source.charAt(offset + 1));
  }

  private int skipSpace(int from) {
    int offset = from;
    while (offset < source.length() && Character.isWhitespace(source.charAt(offset))) {
      offset++;
    }
    return offset;
  }

  /** Skips a comment; returns whether the text after it is to be trimmed. */
  private boolean comment(int open) {
    int end = source.indexOf("*/", skipSpace(at) + 2);
    if (end < 0) {
      throw error(open, "unclosed comment");
    }
    at = skipSpace(end + 2);
    boolean trim = source.startsWith("-}}", at);
    if (!trim && !source.startsWith("}}", at)) {
      throw error(open, "a comment must fill its action");
    }
    at += trim ? 3 : 2;
    return trim;
  }

  /** Reads an action to its end; returns whether the text after it is to be trimmed. */
  private boolean action(int open) {
    while (true) {
      int next = skipSpace(at);
      boolean spaced = next > at;
      at = next;
      if (at >= source.length()) {
        throw error(open, "unclosed action");
      }
      if (source.startsWith("}}", at) || (spaced && source.startsWith("-}}", at))) {
        boolean trim = source.charAt(at) == '-';
        tokens.add(new Token(Kind.END, "}}", at, spaced));
        at += trim ? 3 : 2;
        return trim;
      }
      tokens.add(token(spaced));
    }
  }

  private Token token(boolean spaced) {
    int from = at;
    char c = source.charAt(at);
    if (c == '"' || c == '`') {
      return new Token(Kind.STRING, string(c), from, spaced);
    }
    if (c == '.' && !(at + 1 < source.length() && Character.isDigit(source.charAt(at + 1)))) {
      at++;
      return new Token(Kind.FIELD, word(), from, spaced);
    }
    if (c == '$') {
      at++;
      return new Token(Kind.VARIABLE, word(), from, spaced);
    }
    if (Character.isLetter(c) || c == '_') {
      return new Token(Kind.WORD, word(), from, spaced);
    }
    if (Character.isDigit(c) || c == '.' || c == '-' || c == '+') {
      return new Token(Kind.NUMBER, number(), from, spaced);
    }
    if (source.startsWith(":=", at)) {
      at += 2;
      return new Token(Kind.SIGN, ":=", from, spaced);
    }
    if ("|(),=".indexOf(c) >= 0) {
      at++;
      return new Token(Kind.SIGN, String.valueOf(c), from, spaced);
    }
    throw error(at, "unexpected \"" + c + "\" in an action");
  }

  private String word() {
    int from = at;
    while (at < source.length()
        && (Character.isLetterOrDigit(source.charAt(at)) || source.charAt(at) == '_')) {
      at++;
    }
    return source.substring(from, at);
  }

  private String number() {
    int from = at++;
    while (at < source.length()
        && (Character.isLetterOrDigit(source.charAt(at)) || source.charAt(at) == '.')) {
      at++;
    }
    return source.substring(from, at);
  }

  private String string(char quote) {
    int from = at++;
    StringBuilder text = new StringBuilder();
    while (true) {
      if (at >= source.length() || (quote == '"' && source.charAt(at) == '\n')) {
        throw error(from, "unterminated quoted string");
      }
      char c = source.charAt(at++);
      if (c == quote) {
        return text.toString();
      }
      text.append(c == '\\' && quote == '"' ? escape(from) : c);
    }
  }

  private char escape(int from) {
    if (at >= source.length()) {
      throw error(from, "unterminated quoted string");
    }
    char c = source.charAt(at++);
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case '\\', '"', '\'' -> c;
      default -> throw error(at - 2, "unknown escape \"\\" + c + "\"");
    };
  }

  private TemplateError error(int offset, String why) {
    return TemplateError.at(source, offset, why);
  }
}
