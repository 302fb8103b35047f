package dev.swarm.worker.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessHostTest {
  @Test
  void aDirectoryOnTheWayThatIsClosedToTasksIsNamed(@TempDir Path closed) throws IOException {
    Path open = Files.createDirectories(closed.resolve("swarm/processes"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    assertEquals(Optional.of(closed), ProcessHost.closedAbove(open));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx--x--x"));
    assertNotEquals(Optional.of(closed), ProcessHost.closedAbove(open));
  }
}
