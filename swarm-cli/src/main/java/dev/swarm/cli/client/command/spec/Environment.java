package dev.swarm.cli.client.command.spec;

import dev.swarm.cli.client.command.flag.UsageError;
import dev.swarm.cli.client.command.flag.Words;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads environment variables from flags and files; a bare name takes the caller's own value. */
public final class Environment {
  private static final long FILE_BYTES_MAX = 1024 * 1024;

  private final Map<String, String> own;

  /**
   * @param own the environment of the program itself
   */
  public Environment(Map<String, String> own) {
    this.own = own;
  }

  /** The files' variables and then {@code words}, the last of each name counting. */
  List<String> collect(List<String> files, List<String> words) throws IOException {
    List<String> all = new ArrayList<>();
    for (String file : files) {
      all.addAll(read(Path.of(file)));
    }
    words.forEach(word -> all.add(complete(word)));
    Map<String, String> last = new LinkedHashMap<>();
    for (String variable : all) {
      String key = Words.pair(variable).key();
      last.remove(key);
      last.put(key, variable);
    }
    return List.copyOf(last.values());
  }

  /** {@code NAME} as {@code NAME=value} when the program has such a variable. */
  String complete(String word) {
    if (word.isEmpty() || word.startsWith("=")) {
      throw new IllegalArgumentException("a variable needs a name");
    }
    String value = word.indexOf('=') < 0 ? own.get(word) : null;
    return value == null ? word : word + "=" + value;
  }

  /**
   * The variables of one file, a bare name only if the program has it.
   *
   * @throws UsageError when the file cannot be read
   */
  public List<String> read(Path file) throws IOException {
    List<String> variables = new ArrayList<>();
    for (String line : lines(file)) {
      String text = line.stripLeading();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      Words.Pair pair = Words.pair(text);
      if (pair.key().isEmpty()) {
        throw UsageError.conflict("no variable name on line '" + text + "' of " + file);
      }
      if (pair.key().chars().anyMatch(Character::isWhitespace)) {
        throw UsageError.conflict("variable '" + pair.key() + "' contains whitespaces in " + file);
      }
      if (pair.hasValue()) {
        variables.add(text);
      } else if (own.containsKey(pair.key())) {
        variables.add(complete(pair.key()));
      }
    }
    return variables;
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw UsageError.conflict(file + " is larger than " + FILE_BYTES_MAX + " bytes");
      }
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw UsageError.conflict("cannot read " + file + ": no such file or directory");
    } catch (CharacterCodingException e) {
      throw UsageError.conflict(file + " is not UTF-8 text");
    }
  }
}
