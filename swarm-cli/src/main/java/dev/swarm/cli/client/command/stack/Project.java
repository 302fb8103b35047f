package dev.swarm.cli.client.command.stack;

import dev.swarm.cli.client.command.stack.Value.Mapping;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One or more Compose files, read, checked and merged. */
public final class Project {
  /** What {@code -c} takes for standard input. */
  private static final String STDIN = "-";

  private static final int FILE_BYTES_MAX = 4 << 20;

  private final Mapping tree;
  private final Map<String, String> variables;
  private final List<String> warnings;

  private Project(Mapping tree, Map<String, String> variables, List<String> warnings) {
    this.tree = tree;
    this.variables = variables;
    this.warnings = warnings;
  }

  /**
   * Reads {@code files}, later ones over earlier ones.
   *
   * @param files as the user named them, {@code -} for {@code in}; at least one
   * @param variables the caller's environment
   * @param interpolate whether to put variables in
   * @throws ComposeError saying where and what to do
   */
  public static Project load(
      List<String> files, InputStream in, Map<String, String> variables, boolean interpolate)
      throws IOException {
    Path folder = folder(files.getFirst());
    Notes notes = new Notes();
    Interpolation interpolation = new Interpolation(variables);
    EnvironmentFiles environment = new EnvironmentFiles(folder, variables);
    Optional<Mapping> merged = Optional.empty();
    for (String file : files) {
      boolean typed = file.equals(STDIN);
      Mapping raw = YamlReader.read(typed ? "stdin" : file, typed ? text(in) : text(Path.of(file)));
      Mapping read = FileShapes.FILE.read(interpolate ? interpolation.mapping(raw) : raw, notes);
      Mapping resolved = located(resolve(read, environment), new LocalPaths(folder, variables));
      merged = Optional.of(merged.map(base -> Merge.merge(base, resolved)).orElse(resolved));
    }
    return new Project(merged.orElseThrow(), variables, notes.texts());
  }

  /** Relative names begin where the first file is. */
  private static Path folder(String file) {
    Path here = Path.of("").toAbsolutePath();
    if (file.equals(STDIN)) {
      return here;
    }
    Path parent = here.resolve(file).normalize().getParent();
    return parent == null ? here : parent;
  }

  private static Mapping located(Mapping file, LocalPaths paths) {
    Mapping located = LocalPaths.each(file, "services", paths::binds);
    for (String section : List.of("secrets", "configs")) {
      located = LocalPaths.each(located, section, paths::file);
    }
    return located;
  }

  private static Mapping resolve(Mapping file, EnvironmentFiles environment) throws IOException {
    Mapping services = file.child("services");
    Map<String, Value> resolved = new LinkedHashMap<>();
    for (var service : services.entries().entrySet()) {
      resolved.put(service.getKey(), environment.resolve((Mapping) service.getValue()));
    }
    return file.with("services", new Mapping(services.place(), resolved, services.keys()));
  }

  private static String text(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new ComposeError(path + ": is a directory; name the file in it");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return text(in);
    } catch (NoSuchFileException e) {
      throw new IOException("open " + path + ": no such file or directory", e);
    } catch (AccessDeniedException e) {
      throw new IOException("open " + path + ": permission denied", e);
    }
  }

  private static String text(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
    if (bytes.length > FILE_BYTES_MAX) {
      throw new IOException("a Compose file may have at most " + FILE_BYTES_MAX + " bytes");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("a Compose file must be UTF-8 text", e);
    }
  }

  Mapping tree() {
    return tree;
  }

  Mapping services() {
    return tree.child("services");
  }

  Map<String, String> variables() {
    return variables;
  }

  /** The names of its services. */
  public List<String> serviceNames() {
    return List.copyOf(services().entries().keySet());
  }

  /** What has no effect, as texts for the user that end in a line feed. */
  public List<String> warnings() {
    return warnings;
  }

  /** All of it as one file. */
  public String yaml() {
    return YamlWriter.write(tree);
  }
}
