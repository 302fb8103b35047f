package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Suggests words for a command line: commands, flags, their values, names of what exists. */
final class Suggestions {
  /** Something that has names. */
  private enum Kind {
    NODE("nodes"),
    SERVICE("services"),
    SECRET("secrets"),
    CONFIG("configs"),
    NETWORK("networks"),
    STACK("services");

    private final String collection;

    Kind(String collection) {
      this.collection = collection;
    }
  }

  /** Lists what there is. */
  interface Daemon {
    JsonNode get(Target target) throws IOException;
  }

  private static final String STACK_LABEL = "com.docker.stack.namespace";

  /** Flags whose value names something. */
  private static final Map<String, Kind> FLAGS =
      Map.of(
          "secret", Kind.SECRET,
          "secret-add", Kind.SECRET,
          "secret-rm", Kind.SECRET,
          "config", Kind.CONFIG,
          "config-add", Kind.CONFIG,
          "config-rm", Kind.CONFIG,
          "network", Kind.NETWORK,
          "network-add", Kind.NETWORK,
          "network-rm", Kind.NETWORK);

  /** Commands about things that exist, whose operands are not words of a list. */
  private static final List<String> MAKE = List.of("create", "ls", "prune");

  private final Daemon daemon;

  Suggestions(Daemon daemon) {
    this.daemon = daemon;
  }

  /**
   * What the last of {@code words} can become.
   *
   * @param words the command line without the program and its own flags, up to the cursor; the last
   *     one may be empty
   */
  List<String> of(List<String> words) {
    String last = words.isEmpty() ? "" : words.getLast();
    List<String> before = words.isEmpty() ? words : words.subList(0, words.size() - 1);
    return candidates(before, last).filter(word -> word.startsWith(last)).toList();
  }

  private Stream<String> candidates(List<String> before, String last) {
    if (before.isEmpty()) {
      return last.startsWith("-") ? Stream.of("--help", "--host", "--version") : top();
    }
    String first = before.getFirst();
    boolean group = Catalog.GROUPS.contains(first);
    if (group && before.size() == 1) {
      return last.startsWith("-") ? Stream.of("--help") : inGroup(first);
    }
    String path = group ? first + " " + before.get(1) : first;
    return Catalog.find(path).or(() -> NodeCommands.find(path)).stream()
        .flatMap(command -> within(command, before.subList(group ? 2 : 1, before.size()), last));
  }

  private static Stream<String> top() {
    return Stream.concat(
            Stream.of("daemon", "demo"),
            Stream.concat(
                Catalog.PATHS.stream().filter(path -> path.indexOf(' ') < 0),
                Catalog.GROUPS.stream()))
        .sorted();
  }

  private static Stream<String> inGroup(String group) {
    return Catalog.PATHS.stream()
        .filter(path -> path.startsWith(group + " "))
        .map(path -> path.substring(group.length() + 1));
  }

  private Stream<String> within(Command command, List<String> before, String last) {
    int equals = last.indexOf('=');
    if (last.startsWith("--") && equals > 0) {
      String flag = last.substring(0, equals + 1);
      return flag(command, flag.substring(0, equals)).stream()
          .flatMap(this::values)
          .map(value -> flag + value);
    }
    Optional<Flag> open = before.isEmpty() ? Optional.empty() : flag(command, before.getLast());
    if (open.filter(flag -> flag.kind() != Flag.Kind.SWITCH).isPresent()) {
      return values(open.get());
    }
    if (last.startsWith("-")) {
      return Stream.concat(
          command.flags().stream().map(flag -> "--" + flag.name()), Stream.of("--help", "--host"));
    }
    return operands(command);
  }

  private static Optional<Flag> flag(Command command, String word) {
    return command.flags().stream()
        .filter(
            flag ->
                word.equals("--" + flag.name())
                    || (flag.letter() != '\0' && word.equals("-" + flag.letter())))
        .findFirst();
  }

  private Stream<String> values(Flag flag) {
    Kind kind = FLAGS.get(flag.name());
    return kind == null ? flag.choices().stream() : names(kind);
  }

  private Stream<String> operands(Command command) {
    if (command.path().equals("service scale")) {
      return names(Kind.SERVICE).map(name -> name + "=");
    }
    if (command.operands().startsWith("(")) {
      return Stream.of(command.operands().replaceAll("[()]", "").split("\\|"));
    }
    String[] words = command.path().split(" ");
    if (words.length < 2 || MAKE.contains(words[1])) {
      return Stream.empty();
    }
    return switch (words[0]) {
      case "node" -> Stream.concat(Stream.of("self"), names(Kind.NODE));
      case "service" -> names(Kind.SERVICE);
      case "secret" -> names(Kind.SECRET);
      case "config" -> names(Kind.CONFIG);
      case "network" -> names(Kind.NETWORK);
      case "stack" -> command.most() == 0 ? Stream.empty() : names(Kind.STACK);
      default -> Stream.empty();
    };
  }

  /** None where the daemon cannot be asked: a shell has no place for the reason. */
  private Stream<String> names(Kind kind) {
    List<String> names = new ArrayList<>();
    try {
      daemon.get(Target.of(kind.collection)).forEach(each -> names.add(name(kind, each)));
    } catch (IOException e) {
      return Stream.empty();
    }
    return new TreeSet<>(names).stream().filter(name -> !name.isEmpty());
  }

  private static String name(Kind kind, JsonNode object) {
    return switch (kind) {
      case NODE -> object.path("Description").path("Hostname").asText();
      case NETWORK -> object.path("Name").asText();
      case STACK -> object.path("Spec").path("Labels").path(STACK_LABEL).asText();
      case SERVICE, SECRET, CONFIG -> object.path("Spec").path("Name").asText();
    };
  }
}
