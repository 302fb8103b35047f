package dev.swarm.cli.client.command.stack;

import dev.swarm.cli.client.command.flag.Numbers;
import dev.swarm.cli.client.command.stack.Value.Kind;
import dev.swarm.cli.client.command.stack.Value.Mapping;
import dev.swarm.cli.client.command.stack.Value.Scalar;
import dev.swarm.cli.client.command.stack.Value.Sequence;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML with the position of everything in it. Anchors, aliases and merge keys are resolved.
 */
final class YamlReader {
  /** Aliases of aliases multiply; no honest file comes near. */
  private static final int VALUES_MAX = 200_000;

  private static final int DEPTH_MAX = 64;
  private static final int CODE_POINTS_MAX = 4 << 20;
  private static final String MERGE = "<<";
  private static final String TAGS = "tag:yaml.org,2002:";

  private final String file;
  private int values;

  private YamlReader(String file) {
    this.file = file;
  }

  /**
   * @param file what to call {@code text} in errors
   * @throws ComposeError also for what is no mapping
   */
  static Mapping read(String file, String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setSchema(new CoreSchema())
            .setAllowDuplicateKeys(true)
            .setMaxAliasesForCollections(VALUES_MAX)
            .setCodePointLimit(CODE_POINTS_MAX)
            .build();
    try {
      return new YamlReader(file).document(new Compose(settings).composeAllFromString(text));
    } catch (MarkedYamlEngineException e) {
      Place place = place(file, e.getProblemMark().orElse(null), "");
      throw place.error("not valid YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new ComposeError(file + ": not valid YAML: " + e.getMessage());
    }
  }

  private Mapping document(Iterable<Node> documents) {
    Iterator<Node> each = documents.iterator();
    if (!each.hasNext()) {
      throw new ComposeError(file + ": the file is empty; it needs at least \"services:\"");
    }
    Value value = value(each.next(), "", 0);
    if (each.hasNext()) {
      throw place(each.next(), "")
          .error("a second document begins here; put each into a file of its own and name both");
    }
    if (value instanceof Mapping mapping) {
      return mapping;
    }
    throw value
        .place()
        .error("top-level object must be a mapping with \"services:\", not " + value.noun());
  }

  private Value value(Node node, String path, int depth) {
    Place place = place(node, path);
    if (++values > VALUES_MAX || depth > DEPTH_MAX) {
      throw place.error("too many or too deeply nested values; do aliases refer to themselves?");
    }
    return switch (node) {
      case ScalarNode scalar -> scalar(scalar, place);
      case SequenceNode sequence -> {
        standard(node, place, Tag.SEQ);
        List<Value> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
          items.add(value(item, path + "[" + items.size() + "]", depth + 1));
        }
        yield new Sequence(place, items);
      }
      case MappingNode mapping -> {
        standard(node, place, Tag.MAP);
        yield mapping(mapping, place, depth);
      }
      default -> throw place.error("an alias that refers to nothing");
    };
  }

  private Mapping mapping(MappingNode node, Place place, int depth) {
    Map<String, Value> entries = new LinkedHashMap<>();
    Map<String, Place> keys = new LinkedHashMap<>();
    List<Mapping> merged = new ArrayList<>();
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw place(tuple.getKeyNode(), place.path()).error("a key must be a string");
      }
      Value value = value(tuple.getValueNode(), place.member(key.getValue()).path(), depth + 1);
      Place keyPlace = place(key, place.member(key.getValue()).path());
      if (key.isPlain() && key.getValue().equals(MERGE)) {
        merge(value, merged);
      } else if (entries.put(key.getValue(), value) != null) {
        throw keyPlace.error(
            "this key was already given on line "
                + keys.getOrDefault(key.getValue(), keyPlace).line()
                + "; keep one of them");
      } else {
        keys.put(key.getValue(), keyPlace);
      }
    }
    for (Mapping other : merged) {
      other.entries().forEach(entries::putIfAbsent);
      other.keys().forEach(keys::putIfAbsent);
    }
    return new Mapping(place, entries, keys);
  }

  private static void merge(Value value, List<Mapping> merged) {
    switch (value) {
      case Mapping mapping -> merged.add(mapping);
      case Sequence sequence -> sequence.items().forEach(item -> merge(item, merged));
      case Scalar scalar ->
          throw scalar.place().error("\"<<\" takes a mapping, as in \"<<: *defaults\"");
    }
  }

  private static Scalar scalar(ScalarNode node, Place place) {
    String text = node.getValue();
    String tag = node.getTag().getValue();
    Kind kind =
        switch (tag.startsWith(TAGS) ? tag.substring(TAGS.length()) : tag) {
          case "null" -> Kind.NULL;
          case "bool" -> Kind.BOOLEAN;
          case "int" -> Kind.INTEGER;
          case "float" -> Kind.DECIMAL;
          // The library's own notion of a variable; ours are put in later.
          case "str", "binary", "timestamp", "!ENV_VARIABLE" -> Kind.TEXT;
          default -> throw place.error("the tag " + tag + " is not supported; leave it out");
        };
    return switch (kind) {
      case NULL -> new Scalar(place, kind, "", false);
      case BOOLEAN -> new Scalar(place, kind, text.toLowerCase(java.util.Locale.ROOT), false);
      case INTEGER -> new Scalar(place, kind, integer(text), false);
      case DECIMAL -> new Scalar(place, kind, decimal(text), false);
      case TEXT -> new Scalar(place, kind, text, false);
    };
  }

  /** In digits without a prefix: {@code 0444} is octal, as file modes are written. */
  private static String integer(String text) {
    try {
      return Long.toString(Numbers.signed(text));
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static String decimal(String text) {
    try {
      return new BigDecimal(text.length() > 40 ? "" : text).stripTrailingZeros().toPlainString();
    } catch (NumberFormatException e) {
      return text;
    }
  }

  private static void standard(Node node, Place place, Tag expected) {
    if (!node.getTag().equals(expected)) {
      throw place.error("the tag " + node.getTag().getValue() + " is not supported; leave it out");
    }
  }

  private Place place(Node node, String path) {
    return place(file, node.getStartMark().orElse(null), path);
  }

  private static Place place(String file, @Nullable Mark mark, String path) {
    return mark == null
        ? new Place(file, 1, 1, path)
        : new Place(file, mark.getLine() + 1, mark.getColumn() + 1, path);
  }
}
