package dev.swarm.manager.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.manager.raft.RaftOptions.Start;
import dev.swarm.manager.raft.storage.DataKeys;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed in the middle of its work has lost nothing it acknowledged. */
class KillTest {
  @TempDir Path directory = Path.of("");

  @Test
  void everyAcknowledgedEntryIsThereInOrder() throws IOException, InterruptedException {
    var random = new SecureRandom();
    DataKeys.create(random).store(directory.resolve(Victim.KEYS), Optional.empty(), random);
    Path home = directory.resolve("victim");
    int acknowledged = 0;
    for (int kill : List.of(1, 250, 777)) {
      acknowledged = killAfter(acknowledged + kill, home);
      List<String> entries = entriesOf(home);
      assertTrue(
          entries.size() > acknowledged, entries.size() + " entries, acknowledged " + acknowledged);
      assertEquals(RatisLogTest.numbered(0, entries.size()), entries);
    }
  }

  /**
   * Lets a program run until it has acknowledged entry {@code last}; returns the last one it did.
   */
  private static int killAfter(int last, Path home) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                home.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int acknowledged = -1;
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        assertTrue(line.startsWith("entry "), line);
        acknowledged = Integer.parseInt(line.substring("entry ".length()));
        if (acknowledged == last) {
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.toHandle().destroyForcibly();
      process.waitFor();
    }
    assertTrue(acknowledged >= last, "acknowledged only " + acknowledged);
    return acknowledged;
  }

  private static List<String> entriesOf(Path home) throws IOException {
    RatisLog log = Victim.log(home, Start.RESTART);
    try (log) {
      var diary = new Diary();
      log.start(diary);
      diary.awaitLeading();
      return diary.entries();
    }
  }
}
