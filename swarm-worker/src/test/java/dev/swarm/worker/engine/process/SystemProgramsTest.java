package dev.swarm.worker.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class SystemProgramsTest {
  @TempDir Path directory;

  @Test
  void areFoundWhereTheHostHasThem() throws Exception {
    assertTrue(SystemPrograms.find().setpriv().isAbsolute());
  }

  @Test
  void aMissingOneIsNamedWithItsPackage() {
    IOException missing =
        assertThrows(
            IOException.class,
            () -> SystemPrograms.findIn(List.of(directory.resolve("a"), directory.resolve("b"))));
    assertEquals(
        "the process runtime needs the program sh, which is in none of "
            + directory.resolve("a")
            + ", "
            + directory.resolve("b")
            + "; install coreutils",
        missing.getMessage());
  }

  /** Everyone can write to a directory above it. */
  @Test
  void oneThatOthersCanReplaceIsRefused() throws Exception {
    Path program = Files.createFile(directory.resolve("sh"));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    IOException refused =
        assertThrows(IOException.class, () -> SystemPrograms.findIn(List.of(directory)));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("others than root can change"),
        refused.getMessage());
  }

  @Test
  void neitherIsALinkThatOthersCanChange() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.createSymbolicLink(directory.resolve("sh"), Path.of("/bin/sh"));
    IOException refused =
        assertThrows(IOException.class, () -> SystemPrograms.findIn(List.of(directory)));
    assertTrue(String.valueOf(refused.getMessage()).contains("others than root can change"));
  }
}
