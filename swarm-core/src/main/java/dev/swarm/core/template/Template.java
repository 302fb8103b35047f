package dev.swarm.core.template;

import dev.swarm.core.template.Expression.Part;
import java.util.List;
import java.util.Map;

/** A parsed template. Immutable; any thread may render it. */
public final class Template {
  /** A function of the host's, beside Go's own. */
  @FunctionalInterface
  public interface Function {
    /**
     * @param arguments values as the package describes them
     * @throws IllegalArgumentException with a reason, when the arguments do not suit it
     */
    Object call(List<Object> arguments);
  }

  /** What a field stands for that is not there. */
  @FunctionalInterface
  public interface Absent {
    /**
     * @param inMap whether it was asked of a map, against a value that has no fields at all
     * @return a value, or null when asking for it is a mistake
     */
    @org.jspecify.annotations.Nullable
    Object value(String name, boolean inMap);

    /** Every field that is not there is a mistake. */
    Absent MISTAKE = (name, inMap) -> null;
  }

  private final String source;
  private final List<Part> parts;
  private final Functions functions;

  private Template(String source, List<Part> parts, Functions functions) {
    this.source = source;
    this.parts = parts;
    this.functions = functions;
  }

  /**
   * @param more functions beside Go's own, or in their place, by name
   * @throws TemplateError saying where and why
   */
  public static Template parse(String source, Map<String, Function> more) {
    Functions functions = new Functions(more);
    return new Template(source, Parser.parse(source, functions), functions);
  }

  /**
   * Renders {@code data}, a value as the package describes them.
   *
   * @throws TemplateError when the template asks for what is not there, or a function refuses
   */
  public String render(Object data, Absent absent) {
    return new Run(source, data, functions, absent).all(parts);
  }
}
