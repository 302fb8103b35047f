package dev.swarm.worker.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileDiskTest {
  @TempDir Path directory;

  @Test
  void keepsValuesInOrderAndReplacesThem() throws Exception {
    FileDisk disk = new FileDisk(directory.resolve("d"));
    disk.put("b", new byte[] {1});
    disk.put("a", new byte[] {2});
    disk.put("b", new byte[] {3});
    disk.remove("c");
    Map<String, byte[]> values = new FileDisk(directory.resolve("d")).readAll();
    assertEquals(List.of("a", "b"), List.copyOf(values.keySet()));
    assertArrayEquals(new byte[] {3}, values.get("b"));
    disk.remove("a");
    assertEquals(1, disk.readAll().size());
  }

  @Test
  void onlyItsOwnerMayRead() throws Exception {
    Path place = directory.resolve("d");
    new FileDisk(place).put("a", new byte[0]);
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(place.resolve("a"))));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(place)));
  }

  @Test
  void aWriteThatACrashCutShortIsNotSeen() throws Exception {
    Files.write(directory.resolve("a~"), new byte[] {1});
    assertEquals(Map.of(), new FileDisk(directory).readAll());
  }

  @Test
  void aNameCannotLeaveTheDirectory() throws Exception {
    FileDisk disk = new FileDisk(directory);
    for (String name : List.of("", "..", "a/b", "../a", ".a", "ü", "a".repeat(129))) {
      assertThrows(IllegalArgumentException.class, () -> disk.put(name, new byte[0]), name);
    }
  }
}
