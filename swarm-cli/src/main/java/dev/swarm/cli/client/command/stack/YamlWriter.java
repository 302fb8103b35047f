package dev.swarm.cli.client.command.stack;

import dev.swarm.cli.client.command.stack.Value.Mapping;
import dev.swarm.cli.client.command.stack.Value.Scalar;
import dev.swarm.cli.client.command.stack.Value.Sequence;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Writes values as YAML, keys sorted. */
final class YamlWriter {
  private YamlWriter() {}

  static String write(Mapping tree) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setIndent(2)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .setSplitLines(false)
            .setSchema(new WideSchema())
            .build();
    return new Dump(settings).dumpToString(plain(tree));
  }

  private static @Nullable Object plain(Value value) {
    return switch (value) {
      case Scalar scalar -> plain(scalar);
      case Sequence sequence -> {
        List<@Nullable Object> items = new ArrayList<>();
        sequence.items().forEach(item -> items.add(plain(item)));
        yield items;
      }
      case Mapping mapping -> {
        Map<String, @Nullable Object> entries = new TreeMap<>();
        mapping.entries().forEach((key, entry) -> entries.put(key, plain(entry)));
        yield entries;
      }
    };
  }

  private static @Nullable Object plain(Scalar scalar) {
    return switch (scalar.kind()) {
      case TEXT -> scalar.text();
      case NULL -> null;
      case BOOLEAN -> scalar.text().equals("true");
      case INTEGER, DECIMAL -> number(scalar.text());
    };
  }

  /** What of a user's own keys is no number that we know is text. */
  private static Object number(String text) {
    try {
      BigDecimal number = new BigDecimal(text);
      return number.scale() <= 0 && text.matches("-?\\d+") ? number.toBigInteger() : number;
    } catch (NumberFormatException e) {
      return text;
    }
  }

  /**
   * Knows what a reader of any YAML before or after takes for something else than a string, so that
   * a string of that kind is put in quotes.
   */
  private static final class WideSchema extends CoreSchema {
    private static final Tag OLD = new Tag("tag:yaml.org,2002:old");
    private static final Pattern OTHER =
        Pattern.compile(
            "(?i:y|yes|n|no|on|off|true|false|null|~|=|<<)"
                + "|[-+]?(?i:0b[01_]+|0o?[0-7_]+|0x[0-9a-f_]+|\\.inf)|(?i:\\.nan)"
                + "|[-+]?\\d[\\d_]*(?::[0-5]?\\d)+(?:\\.[\\d_]*)?"
                + "|[-+]?(?:\\d[\\d_]*(?:\\.[\\d_]*)?|\\.\\d[\\d_]*)(?:[eE][-+]?\\d+)?"
                + "|\\d{4}-\\d\\d?-\\d\\d?(?:[Tt \\t].*)?");

    @Override
    public ScalarResolver getScalarResolver() {
      ScalarResolver core = super.getScalarResolver();
      return (text, plain) -> {
        Tag tag = core.resolve(text, plain);
        return plain && tag.equals(Tag.STR) && OTHER.matcher(text).matches() ? OLD : tag;
      };
    }
  }
}
