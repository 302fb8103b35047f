package dev.swarm.cli.command.stack;

import dev.swarm.cli.command.stack.Value.Mapping;
import dev.swarm.cli.command.stack.Value.Scalar;
import dev.swarm.cli.command.stack.Value.Sequence;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

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
      case INTEGER -> Long.valueOf(scalar.text());
      case DECIMAL -> new BigDecimal(scalar.text());
    };
  }
}
