package dev.swarm.cli.e2e.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.e2e.lab.Daemon;
import dev.swarm.cli.e2e.lab.Journal;
import dev.swarm.cli.e2e.lab.Output;
import dev.swarm.cli.e2e.lab.Programs;
import dev.swarm.cli.e2e.lab.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code swarm demo}, as any user without an engine starts it. */
final class DemoIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Debian's user who owns nothing. */
  private static final String NOBODY = "65534";

  @Test
  void playsTheWalkthroughAndCleansUp(@TempDir Path home) throws IOException {
    Files.setPosixFilePermissions(
        home, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
    long start = System.nanoTime();
    Output demo =
        Programs.run(
            asAnyone(),
            Map.of(
                "HOME",
                home.toString(),
                "TMPDIR",
                home.toString(),
                "SWARM_DAEMON_JAVA_OPTS",
                "-Djava.io.tmpdir=" + home),
            LIMIT);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    Journal journal = Journal.of("demo", records());
    journal.ran(demo);
    journal.figure("demo", took, Duration.ofMinutes(1));
    String out = demo.ok();
    for (String said :
        List.of(
            "export SWARM_HOST=",
            "HOSTNAME",
            "MANAGER STATUS",
            "Leader",
            "CURRENT STATE",
            "Down",
            "\\_ ")) {
      assertTrue(out.contains(said), () -> "the demo never said \"" + said + "\":\n" + out);
    }
    Until.holds("its processes ended", Duration.ofSeconds(10), () -> left(home).isEmpty());
    try (var files = Files.list(home)) {
      assertEquals(List.of(), files.toList(), "it left files");
    }
  }

  private static Path records() {
    return Path.of(System.getProperty("swarm.e2e.records", "target/e2e")).resolve("demo");
  }

  private static List<String> asAnyone() {
    List<String> words = new ArrayList<>();
    List<String> nobody =
        List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups");
    if (System.getProperty("user.name", "").equals("root") && reachable(nobody)) {
      words.addAll(nobody);
    }
    words.addAll(List.of(Daemon.program().toString(), "demo"));
    return words;
  }

  /** Whether that user can start the program: root's own directories are closed to others. */
  private static boolean reachable(List<String> nobody) {
    List<String> words = new ArrayList<>(nobody);
    words.addAll(List.of("test", "-x", Daemon.program().toString()));
    return Programs.run(words).succeeded();
  }

  private static List<String> left(Path home) {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains(home.toString()))
        .toList();
  }
}
