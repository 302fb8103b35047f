package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.cli.client.command.spec.Syntax;
import dev.swarm.cli.http.Json;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** {@code swarm secret create} and {@code swarm config create}. */
final class StoredCreate {
  private StoredCreate() {}

  static Command command(Stored kind) {
    List<Flag> flags = new ArrayList<>();
    flags.add(Flag.list("label", "list", kind.capital() + " labels (\"key=value\")").or('l'));
    flags.add(
        Flag.value("template-driver", "string", "Driver that fills in templates (\"golang\")"));
    if (kind == Stored.SECRET) {
      flags.add(Flag.value("driver", "string", "Secret driver").or('d'));
    }
    return Command.of(
        kind.noun() + " create",
        kind.operand() + " file|-",
        kind == Stored.SECRET ? 1 : 2,
        2,
        "Create a " + kind.noun() + " from a file, or from standard input (-)",
        List.copyOf(flags),
        (context, given, operands) -> run(context, given, operands, kind));
  }

  private static int run(Context context, Flags flags, List<String> operands, Stored kind)
      throws IOException {
    ObjectNode spec = Json.object().put("Name", operands.getFirst());
    ObjectNode labels = spec.putObject("Labels");
    Words.map(flags.values("label", Syntax::label)).forEach(labels::put);
    String driver = flags.knows("driver") ? flags.text("driver") : "";
    String file = operands.size() > 1 ? operands.get(1) : "";
    if (driver.isEmpty()) {
      byte[] data = read(context.surroundings().in(), file, kind);
      spec.put("Data", Base64.getEncoder().encodeToString(data));
    } else if (file.isEmpty()) {
      spec.putObject("Driver").put("Name", driver);
    } else {
      throw new IOException("a secret that a driver has takes no file");
    }
    if (!flags.text("template-driver").isEmpty()) {
      spec.putObject("Templating").put("Name", flags.text("template-driver"));
    }
    context.line(context.api().post(kind.creation(), spec).path("ID").asText());
    return 0;
  }

  private static byte[] read(InputStream in, String file, Stored kind) throws IOException {
    if (file.isEmpty()) {
      throw new IOException(
          kind.noun() + " file is required: name one, or - to read from standard input");
    }
    String source = file.equals("-") ? "STDIN" : file;
    byte[] data = source.equals(file) ? readFile(file, kind) : readSome(in, kind);
    if (data.length == 0) {
      throw new IOException("error reading from " + source + ": data is empty");
    }
    if (data.length > kind.kibibytesMax() * 1024) {
      throw new IOException(
          "error reading from "
              + source
              + ": a "
              + kind.noun()
              + " holds at most "
              + kind.kibibytesMax()
              + " KiB of data");
    }
    return data;
  }

  private static byte[] readFile(String file, Stored kind) throws IOException {
    Path path = Path.of(file);
    if (Files.isDirectory(path)) {
      throw new IOException("error reading from " + file + ": it is a directory");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return readSome(in, kind);
    } catch (NoSuchFileException e) {
      throw new IOException("error reading from " + file + ": no such file or directory", e);
    } catch (java.nio.file.AccessDeniedException e) {
      throw new IOException("error reading from " + file + ": permission denied", e);
    }
  }

  /** One byte more than allowed is enough to know. */
  private static byte[] readSome(InputStream in, Stored kind) throws IOException {
    return in.readNBytes(kind.kibibytesMax() * 1024 + 1);
  }
}
