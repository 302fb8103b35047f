package dev.swarm.cli.client.command.stack;

import dev.swarm.cli.client.command.stack.Value.Mapping;
import dev.swarm.cli.client.command.stack.Value.Scalar;
import dev.swarm.cli.client.command.stack.Value.Sequence;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Makes the paths of a file absolute.
 *
 * @param folder where relative ones begin
 * @param variables the caller's environment, of which {@code HOME} is {@code ~}
 */
record LocalPaths(Path folder, Map<String, String> variables) {
  /** A service whose binds are absolute. */
  Mapping binds(Mapping service) {
    if (!(service.entries().get("volumes") instanceof Sequence volumes)) {
      return service;
    }
    var items = volumes.items().stream().<Value>map(item -> bind((Mapping) item)).toList();
    return service.with("volumes", new Sequence(volumes.place(), items));
  }

  private Mapping bind(Mapping volume) {
    boolean isBind = volume.text("type").orElse("").equals("bind");
    return isBind
        ? volume
            .scalar("source")
            .map(source -> volume.with("source", Scalar.text(source.place(), path(source))))
            .orElse(volume)
        : volume;
  }

  /** Paths on a node that are absolute are left alone, Windows' too. */
  private String path(Scalar scalar) {
    String source = scalar.text();
    if (source.startsWith("~")) {
      String home = variables.get("HOME");
      if (home == null) {
        throw scalar.place().error("cannot expand '~', because the environment lacks HOME");
      }
      return home + source.substring(1);
    }
    boolean absolute = source.isEmpty() || source.matches("/.*|[a-zA-Z]:[\\\\/].*|\\\\\\\\.*");
    return absolute ? source : folder.resolve(source).normalize().toString();
  }

  /** A secret or config whose file is absolute. */
  Mapping file(Mapping object) {
    return object
        .scalar("file")
        .map(
            file ->
                object.with(
                    "file",
                    Scalar.text(file.place(), folder.resolve(file.text()).normalize().toString())))
        .orElse(object);
  }

  /** The file with {@code change} done to everything in {@code section}. */
  static Mapping each(Mapping file, String section, UnaryOperator<Mapping> change) {
    if (!(file.entries().get(section) instanceof Mapping all)) {
      return file;
    }
    Map<String, Value> changed = new LinkedHashMap<>();
    all.entries().forEach((name, value) -> changed.put(name, change.apply((Mapping) value)));
    return file.with(section, new Mapping(all.place(), changed, all.keys()));
  }
}
