package dev.swarm.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on the disk after a file was written, and who can read it. */
class DurableFilesTest {
  @TempDir Path directory;

  @Test
  void aFileIsReplacedAsAWholeAndForItsOwnerOnly() throws IOException {
    Path file = directory.resolve("key");
    Files.writeString(file, "an older one, longer, that everybody could read");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    DurableFiles.replace(file, new byte[] {1, 2});
    assertArrayEquals(new byte[] {1, 2}, Files.readAllBytes(file));
    assertEquals("rw-------", mode(file));
    assertEquals(List.of(file), names());
  }

  @Test
  void whatACrashLeftIsNoObstacle() throws IOException {
    Path file = directory.resolve("key");
    Files.writeString(directory.resolve("key" + DurableFiles.UNFINISHED), "half of");
    DurableFiles.replace(file, new byte[] {3});
    assertArrayEquals(new byte[] {3}, Files.readAllBytes(file));
    assertEquals(List.of(file), names());
  }

  @Test
  void theOldOneStaysWhereTheNewOneCannotBeWritten() throws IOException {
    Path file = directory.resolve("key");
    DurableFiles.replace(file, new byte[] {4});
    Path obstacle = directory.resolve("key" + DurableFiles.UNFINISHED).resolve("in the way");
    Files.createDirectories(obstacle);
    assertThrows(IOException.class, () -> DurableFiles.replace(file, new byte[] {5}));
    assertArrayEquals(new byte[] {4}, Files.readAllBytes(file));
  }

  @Test
  void certificatesAreForEverybody() throws IOException {
    Path file = directory.resolve("crt");
    DurableFiles.write(file, new byte[] {6}, DurableFiles.Readers.EVERYBODY);
    assertEquals("rw-r--r--", mode(file));
  }

  @Test
  void directoriesAreTheirOwners() throws IOException {
    Path made = directory.resolve("a").resolve("b");
    DurableFiles.createDirectory(made);
    DurableFiles.createDirectory(made);
    assertEquals("rwx------", mode(made));
  }

  private List<Path> names() throws IOException {
    try (var all = Files.list(directory)) {
      return all.toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
