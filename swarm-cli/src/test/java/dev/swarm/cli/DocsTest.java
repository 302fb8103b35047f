package dev.swarm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages name is there: classes, members, packages, files and each other's headings. */
class DocsTest {
  private static final Path ROOT = root();

  /** Names in code type that are not ours, or are no names of code. */
  private static final Set<String> FOREIGN =
      Set.of("IllegalStateException", "IOException", "Runnable", "StatusRuntimeException");

  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern NAME =
      Pattern.compile("((?:[a-z]\\w*\\.)*)([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+))?(?:\\(.*\\))?");
  private static final Pattern PACKAGE =
      Pattern.compile("(?:dev\\.swarm\\.)?(?:core|host|manager|worker|cli)(?:\\.[a-z]\\w*)+");
  private static final Pattern FILE = Pattern.compile("[\\w./-]+\\.(?:java|proto|md|txt|xml)");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|interface|record|enum|message|service|rpc)\\s+([A-Z]\\w*)");

  /** A file that declares a name. */
  private record Source(String directory, String text) {
    /** Whether it is in a package of which {@code qualifier}, as in {@code model.}, is the end. */
    boolean isIn(String qualifier) {
      return ("." + directory + ".").endsWith("." + qualifier);
    }

    boolean mentions(String word) {
      return Pattern.compile("\\b" + word + "\\b").matcher(text).find();
    }
  }

  private static final Map<String, List<Source>> DECLARATIONS = new HashMap<>();
  private static final Set<String> PACKAGES = new HashSet<>();
  private static final Set<String> FILES = new HashSet<>();

  @BeforeAll
  static void readSources() throws IOException {
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            String name = String.valueOf(dir.getFileName());
            boolean ours = dir.equals(ROOT) || !(name.startsWith(".") || name.startsWith("target"));
            return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            FILES.add(String.valueOf(file.getFileName()));
            read(file);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void read(Path file) throws IOException {
    String path = ROOT.relativize(file).toString();
    if (!path.endsWith(".java") && !path.endsWith(".proto")) {
      return;
    }
    String directory = path.replaceFirst("/[^/]*$", "").replaceFirst(".*/java/", "");
    PACKAGES.add(directory.replace('/', '.'));
    Source source = new Source(directory.replace('/', '.'), Files.readString(file));
    for (MatchResult found : all(DECLARED, source.text())) {
      DECLARATIONS.computeIfAbsent(found.group(1), name -> new ArrayList<>()).add(source);
    }
  }

  static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void whatItNamesIsThere(Path page) throws IOException {
    List<String> wrong = new ArrayList<>();
    String text = FENCED.matcher(Files.readString(page)).replaceAll("");
    for (MatchResult span : all(CODE, text)) {
      String code = span.group(1);
      if (!isThere(code)) {
        wrong.add(code);
      }
    }
    assertEquals(List.of(), wrong, ROOT.relativize(page) + " names what is not there");
  }

  private static boolean isThere(String code) {
    Matcher name = NAME.matcher(code);
    if (name.matches()) {
      return FOREIGN.contains(code) || isDeclared(name.group(1), name.group(2), name.group(3));
    }
    if (FILE.matcher(code).matches()) {
      return code.contains("/") ? Files.exists(ROOT.resolve(code)) : FILES.contains(code);
    }
    if (PACKAGE.matcher(code).matches()) {
      return PACKAGES.contains(code.startsWith("dev.") ? code : "dev.swarm." + code);
    }
    return true;
  }

  private static boolean isDeclared(String qualifier, String type, String member) {
    String declared = type.endsWith("Grpc") ? type.substring(0, type.length() - 4) : type;
    return DECLARATIONS.getOrDefault(declared, List.of()).stream()
        .filter(source -> source.isIn(qualifier))
        .anyMatch(source -> member == null || source.mentions(member));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void whatItLinksToIsThere(Path page) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (MatchResult link : all(LINK, Files.readString(page))) {
      String target = link.group(1);
      if (!target.contains("://") && !leads(page, target)) {
        wrong.add(target);
      }
    }
    assertEquals(List.of(), wrong, ROOT.relativize(page) + " links to what is not there");
  }

  private static boolean leads(Path from, String target) throws IOException {
    String[] parts = target.split("#", 2);
    Path to = parts[0].isEmpty() ? from : from.resolveSibling(parts[0]).normalize();
    if (!Files.exists(to)) {
      return false;
    }
    return parts.length == 1
        || Files.readString(to)
            .lines()
            .filter(line -> line.startsWith("#"))
            .anyMatch(line -> anchor(line).equals(parts[1]));
  }

  /** A heading's anchor, as the usual viewers make it. */
  private static String anchor(String heading) {
    return heading
        .replaceFirst("^#+ ", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\w\\- ]", "")
        .replace(' ', '-');
  }

  @Test
  void itNoticesWhatIsNotThere() {
    assertTrue(isThere("Manager") && isThere("core.model") && isThere("model.Task.isDispatched"));
    assertEquals(
        List.of("Manger", "core.modell", "store.Task", "model.Task.isDespatched", "lag.proto"),
        Stream.of("Manger", "core.modell", "store.Task", "model.Task.isDespatched", "lag.proto")
            .filter(code -> !isThere(code))
            .toList());
  }

  private static List<MatchResult> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  private static Path root() {
    Path base = Path.of("").toAbsolutePath();
    return Files.isDirectory(base.resolve("docs")) ? base : base.resolve("..").normalize();
  }
}
