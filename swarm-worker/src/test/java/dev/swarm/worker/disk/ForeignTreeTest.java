package dev.swarm.worker.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class ForeignTreeTest {
  private static final int FILES = 200;
  private static final int NOBODY = 65534;

  @TempDir Path place;
  private Path tree;
  private Path work;
  private Path victim;

  @BeforeEach
  void make() throws IOException {
    tree = place.resolve("task");
    work = Files.createDirectories(tree.resolve("work"));
    victim = Files.createDirectory(place.resolve("victim"));
    fill(victim);
  }

  @Test
  void removesWhatIsInItAndNoMore() throws IOException {
    fill(Files.createDirectories(work.resolve("a/b/c")));
    fill(work.resolve("a"));
    Files.createSymbolicLink(work.resolve("a/link"), victim);
    Files.createSymbolicLink(work.resolve("dangling"), Path.of("nowhere"));
    Files.createDirectory(tree.resolve(".removed-0"));
    Files.createFile(tree.resolve(".removed-1"));
    ForeignTree.delete(tree);
    assertFalse(Files.exists(tree));
    assertVictimIsWhole();
    ForeignTree.delete(tree);
  }

  @Test
  void aLinkInItsPlaceIsRemovedAndNotFollowed() throws IOException {
    Path link = Files.createSymbolicLink(place.resolve("link"), victim);
    ForeignTree.delete(link);
    assertFalse(Files.exists(link));
    assertVictimIsWhole();
  }

  /** A path to the lowest of them would be longer than any path may be. */
  @Test
  void noTreeIsTooDeep() throws Exception {
    Path lower = Path.of("directory", "/directory".repeat(350).substring(1).split("/", -1));
    Path deep = Files.createDirectories(tree.resolve("other").resolve(lower));
    Files.createFile(deep.resolve("file"));
    Files.move(tree.resolve("other"), Files.createDirectories(work.resolve(lower)).resolve("on"));
    ForeignTree.delete(tree);
    assertFalse(Files.exists(tree));
  }

  /** What goes wrong here goes wrong by chance, but never with handles. */
  @Test
  void aDirectoryThatBecomesALinkWhileItIsRemovedLeadsNowhere() throws Exception {
    for (int round = 0; round < 20; round++) {
      Path inner = Files.createDirectories(work.resolve("inner"));
      fill(inner);
      AtomicBoolean done = new AtomicBoolean();
      Thread swapper = new Thread(() -> swapUntil(done, inner));
      swapper.start();
      try {
        ForeignTree.delete(tree);
      } catch (IOException e) {
        // The swapper may win the last word, but nothing else.
      } finally {
        done.set(true);
        swapper.join();
      }
      assertVictimIsWhole();
    }
    ForeignTree.delete(tree);
  }

  private void swapUntil(AtomicBoolean done, Path inner) {
    Path aside = inner.resolveSibling("aside");
    Path link = inner.resolveSibling("link");
    while (!done.get()) {
      try {
        Files.createDirectories(inner.getParent());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, victim);
        Files.move(inner, aside);
        Files.move(link, inner, StandardCopyOption.ATOMIC_MOVE);
        Files.move(inner, link, StandardCopyOption.ATOMIC_MOVE);
        Files.move(aside, inner);
      } catch (IOException e) {
        // Removed under its hands.
      }
    }
  }

  /** What a task closes keeps a daemon out that is not root. */
  @Test
  void aDirectoryThatIsClosedToItsOwnerIsRemoved() throws Exception {
    boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    for (String closed : List.of("---------", "r--------", "-w-------", "--x------", "r-x------")) {
      Path inner = Files.createDirectories(work.resolve("a/b/c"));
      for (Path each : upToPlace(inner)) {
        fill(each);
        if (root) {
          give(each);
        }
      }
      for (Path each : upToPlace(inner)) {
        Files.setPosixFilePermissions(each, PosixFilePermissions.fromString(closed));
      }
      if (root) {
        deleteAsNobody();
      } else {
        ForeignTree.delete(tree);
      }
      assertFalse(Files.exists(tree), closed);
      work = Files.createDirectories(tree.resolve("work"));
    }
  }

  private List<Path> upToPlace(Path lowest) {
    List<Path> all = new ArrayList<>();
    for (Path at = lowest; at != null && !at.equals(place); at = at.getParent()) {
      all.add(at);
    }
    return all;
  }

  private static void give(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.toList()) {
        Files.setAttribute(entry, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
      }
    }
    Files.setAttribute(directory, "unix:uid", NOBODY);
  }

  /**
   * Removes the tree with a Java of its own, which reads a copy of the classes that it can read.
   */
  private void deleteAsNobody() throws Exception {
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path classes = place.resolve("classes/dev/swarm/worker/disk");
    Files.createDirectories(classes);
    for (Class<?> needed : List.of(ForeignTree.class, ForeignTreeRemoval.class)) {
      String name = needed.getSimpleName() + ".class";
      try (InputStream bytes = needed.getResourceAsStream(name)) {
        Files.copy(bytes, classes.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Process java =
        new ProcessBuilder(
                "setpriv",
                "--reuid=" + NOBODY,
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                place.resolve("classes").toString(),
                ForeignTreeRemoval.class.getName(),
                tree.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, java.waitFor(), said);
  }

  private static void fill(Path directory) throws IOException {
    for (int i = 0; i < FILES; i++) {
      Files.createFile(directory.resolve("file" + i));
    }
  }

  private void assertVictimIsWhole() throws IOException {
    try (Stream<Path> files = Files.list(victim)) {
      List<Path> left = files.toList();
      assertTrue(left.size() == FILES, "of " + FILES + " files " + left.size() + " are left");
    }
  }
}
