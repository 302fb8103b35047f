package dev.swarm.cli.client.command.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.cli.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Parses {@code --secret} and {@code --config}: a name, or {@code
 * source=name,target=file,uid=0,gid=0,mode=0444}.
 */
public final class FileReferences {
  /** Which of the two kinds of object is meant. */
  public enum Kind {
    SECRET("Secret"),
    CONFIG("Config");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    public String nameField() {
      return word + "Name";
    }

    public String idField() {
      return word + "ID";
    }

    String lower() {
      return word.toLowerCase(Locale.ROOT);
    }
  }

  private static final int MODE_USUAL = 0444;

  private FileReferences() {}

  /** A reference that has a name but no id yet. */
  static ObjectNode parse(Kind kind, String text) {
    List<String> fields = Words.csv(text);
    String source = "";
    String target = "";
    String uid = "0";
    String gid = "0";
    long mode = MODE_USUAL;
    boolean simple = fields.size() == 1 && fields.getFirst().indexOf('=') < 0;
    for (String field : simple ? List.of("source=" + fields.getFirst()) : fields) {
      Words.Pair pair = Words.pair(field);
      if (!pair.hasValue()) {
        throw new IllegalArgumentException(
            Words.quoted(field) + " is not KEY=VALUE; write NAME or source=NAME,target=FILE");
      }
      switch (pair.key().toLowerCase(Locale.ROOT)) {
        case "source", "src" -> source = pair.value();
        case "target" -> target = pair.value();
        case "uid" -> uid = pair.value();
        case "gid" -> gid = pair.value();
        case "mode" -> mode = mode(pair.value());
        default ->
            throw new IllegalArgumentException(
                "there is no option "
                    + Words.quoted(pair.key())
                    + "; there are source, target, uid, gid and mode");
      }
    }
    if (source.isEmpty()) {
      throw new IllegalArgumentException("it does not say which " + kind.lower());
    }
    ObjectNode reference = Json.object();
    reference
        .putObject("File")
        .put("Name", target.isEmpty() ? source : target)
        .put("UID", uid)
        .put("GID", gid)
        .put("Mode", mode);
    return reference.put(kind.nameField(), source);
  }

  private static long mode(String text) {
    if (!text.matches("0?[0-7]{1,4}")) {
      throw new IllegalArgumentException(
          "mode is an octal number such as 0444, not " + Words.quoted(text));
    }
    return Integer.parseInt(text, 8);
  }

  /**
   * The same references with their ids.
   *
   * @param idOf ids by name, as far as there are such objects
   */
  public static List<ObjectNode> resolve(
      Kind kind, List<ObjectNode> references, Map<String, String> idOf) {
    Set<String> targets = new TreeSet<>();
    List<ObjectNode> resolved = new ArrayList<>();
    for (ObjectNode reference : references) {
      String name = reference.path(kind.nameField()).asText();
      boolean isFile = reference.has("File");
      if (isFile && !targets.add(reference.path("File").path("Name").asText())) {
        throw new IllegalArgumentException(
            "two " + kind.lower() + "s would be the same file: " + name + " needs another target");
      }
      String id = idOf.get(name);
      if (id == null) {
        throw new IllegalArgumentException(kind.lower() + " not found: " + name);
      }
      resolved.add(reference.deepCopy().put(kind.idField(), id));
    }
    return resolved;
  }

  /** The names meant, each once. */
  public static List<String> names(Kind kind, List<ObjectNode> references) {
    return references.stream().map(r -> r.path(kind.nameField()).asText()).distinct().toList();
  }
}
