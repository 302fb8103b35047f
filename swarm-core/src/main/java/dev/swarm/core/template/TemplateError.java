package dev.swarm.core.template;

/** A template that cannot be parsed, or that asks for what is not there. The message says where. */
public final class TemplateError extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private TemplateError(String message) {
    super(message);
  }

  /** The same error, told with the place of the template in front. */
  TemplateError in(String place) {
    TemplateError error = new TemplateError(place + ": " + getMessage());
    error.initCause(this);
    return error;
  }

  /**
   * @param offset where in {@code source} the trouble is, counted in characters from 0
   */
  static TemplateError at(String source, int offset, String why) {
    int line = 1;
    int lineStart = 0;
    int end = Math.min(offset, source.length());
    for (int i = 0; i < end; i++) {
      if (source.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new TemplateError(
        "template parsing error: template: " + line + ":" + (end - lineStart + 1) + ": " + why);
  }
}
