package dev.swarm.cli.client.command.stack;

import dev.swarm.cli.client.command.flag.UsageError;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.cli.client.command.spec.Environment;
import dev.swarm.cli.client.command.stack.Value.Kind;
import dev.swarm.cli.client.command.stack.Value.Mapping;
import dev.swarm.cli.client.command.stack.Value.Scalar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Adds the variables of {@code env_file} to those of a service. */
final class EnvironmentFiles {
  private static final Fields LONG =
      new Fields().field("path", Shapes.TEXT).field("required", Shapes.BOOLEAN).silent("format");

  /** One file or several; a mapping each. */
  static final ComposeShape SHAPE = Shapes.oneOr(Shapes.list(EnvironmentFiles::entry));

  private final Path folder;
  private final Map<String, String> variables;

  /**
   * @param folder where relative names begin
   * @param variables the caller's environment
   */
  EnvironmentFiles(Path folder, Map<String, String> variables) {
    this.folder = folder;
    this.variables = variables;
  }

  private static Value entry(Value value, Notes notes) {
    if (value instanceof Scalar) {
      return Mapping.empty(value.place()).with("path", Shapes.TEXT.read(value, notes));
    }
    Mapping file = LONG.read(value, notes);
    if (file.get("path").isEmpty()) {
      throw file.place().error("\"path:\" is missing");
    }
    return file;
  }

  /** The service with all its variables in {@code environment}, and without {@code env_file}. */
  Mapping resolve(Mapping service) throws IOException {
    if (service.get("env_file").isEmpty() && service.get("environment").isEmpty()) {
      return service;
    }
    Mapping all = Mapping.empty(service.place().member("environment"));
    for (Value file : service.items("env_file")) {
      all = withFile(all, (Mapping) file);
    }
    for (var entry : service.child("environment").entries().entrySet()) {
      all = all.with(entry.getKey(), own(entry.getKey(), (Scalar) entry.getValue()));
    }
    return service.without("env_file").with("environment", all);
  }

  private Mapping withFile(Mapping all, Mapping file) throws IOException {
    Scalar name = file.scalar("path").orElseThrow();
    Path path = folder.resolve(name.text());
    boolean required = file.get("required").isEmpty() || file.on("required");
    if (!required && !Files.exists(path)) {
      return all;
    }
    Mapping result = all;
    try {
      for (String line : new Environment(variables).read(path)) {
        Words.Pair pair = Words.pair(line);
        Scalar value = Scalar.text(name.place(), pair.value());
        result = result.with(pair.key(), own(pair.key(), value));
      }
    } catch (UsageError e) {
      throw name.place().error(String.valueOf(e.getMessage()));
    }
    return result;
  }

  /** A variable without a value, or with an empty one, takes the caller's if there is one. */
  private Scalar own(String name, Scalar value) {
    String own = variables.get(name);
    return value.text().isEmpty() && own != null
        ? new Scalar(value.place(), Kind.TEXT, own, true)
        : value;
  }
}
