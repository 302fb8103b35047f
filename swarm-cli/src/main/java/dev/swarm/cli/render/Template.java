package dev.swarm.cli.render;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.render.Expression.Part;
import java.util.List;

/** A parsed template of the part of Go's template language that output formats use. Immutable. */
public final class Template {
  private final String source;
  private final List<Part> parts;

  private Template(String source, List<Part> parts) {
    this.source = source;
    this.parts = parts;
  }

  /**
   * @throws TemplateError saying where and why
   */
  public static Template parse(String source) {
    return new Template(source, TemplateParser.parse(source));
  }

  /**
   * Renders {@code data}. A field it does not have reads as empty when the Engine API may leave one
   * of that name out.
   *
   * @throws TemplateError when the template asks for any other field that is not there
   */
  public String render(JsonNode data) {
    return new TemplateRun(source, data, false).all(parts);
  }

  /** Renders a table's head: a field without a head of its own gets its name. */
  public String renderHead(JsonNode heads) {
    return new TemplateRun(source, heads, true).all(parts);
  }
}
