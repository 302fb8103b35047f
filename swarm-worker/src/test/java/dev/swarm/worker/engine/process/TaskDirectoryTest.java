package dev.swarm.worker.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TaskDirectoryTest {
  @TempDir Path directory;

  private TaskDirectory with(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
    return new TaskDirectory(directory);
  }

  @Test
  void whatIsWholeIsRead() throws IOException {
    assertEquals(Optional.of(137), with("exit", "137\n").exitCode());
    assertEquals(Optional.of(new TaskUser(7, 8)), with("user", "7 8").user());
    assertEquals(Optional.of(Path.of("/g")), with("group", "/g").group());
  }

  @Test
  void whatALostHostLeftEmptyOrInPiecesIsNotThere() throws IOException {
    for (String left : new String[] {"", "\n", "\0\0\0", "99999999999", "x"}) {
      assertEquals(Optional.empty(), with("exit", left).exitCode());
      assertEquals(Optional.empty(), with("user", left).user());
      assertEquals(Optional.empty(), with("group", left).group());
    }
    assertEquals(Optional.empty(), with("user", "7 ").user());
    assertEquals(Optional.empty(), with("user", "0 0").user());
  }
}
