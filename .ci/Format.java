import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Formats every Java source of the project; with {@code check} it only names those that are not
 * formatted. Run by the build on the tool chain's java, whose syntax the formatter then knows.
 */
final class Format {
  private static final int PASSES = 2;

  public static void main(String[] args) throws IOException {
    boolean check = args.length > 1 && args[1].equals("check");
    Path project = Path.of(args[0]);
    List<Path> changed;
    try (Stream<Path> files = Files.walk(project)) {
      changed =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !project.relativize(file).toString().matches("(.*/)?target/.*"))
              .toList()
              .parallelStream()
              .filter(file -> !isFormatted(file, check))
              .sorted()
              .toList();
    }
    if (check && !changed.isEmpty()) {
      changed.forEach(file -> System.err.println("not formatted: " + project.relativize(file)));
      System.err.println(
          "format them with: mvn -q -N validate dependency:copy@format exec:exec@format");
      System.exit(1);
    }
  }

  private static boolean isFormatted(Path file, boolean check) {
    try {
      String source = Files.readString(file);
      String formatted = source;
      // The formatter may see only in its own output what else it would change.
      for (int pass = 0; pass < PASSES; pass++) {
        formatted = new Formatter().formatSourceAndFixImports(formatted);
      }
      if (!check && !formatted.equals(source)) {
        Files.writeString(file, formatted);
      }
      return formatted.equals(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (FormatterException e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
  }
}
