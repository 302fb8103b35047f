package dev.swarm.worker.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.worker.sim.SimLoop;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessLogTest {
  @TempDir Path path;
  private final SimLoop clock = new SimLoop();

  private ProcessLog open() {
    return new ProcessLog(new TaskDirectory(path), 8192, clock::now);
  }

  private void print(String text) throws Exception {
    Files.writeString(
        new TaskDirectory(path).spool(false),
        text,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private List<String> lines(Path file) throws Exception {
    return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
        .map(line -> line.substring(line.indexOf(" o ") + 3))
        .toList();
  }

  @Test
  void aLineIsOneOnlyOnceItIsWhole() throws Exception {
    ProcessLog log = open();
    print("one\ntw");
    log.pump(false);
    assertEquals(List.of("one"), lines(log.newest()));
    print("o\nthree");
    log.pump(false);
    log.pump(true);
    log.pump(true);
    assertEquals(List.of("one", "two", "three"), lines(log.newest()));
  }

  @Test
  void anotherDaemonGoesOnWhereTheLastStopped() throws Exception {
    print("one\ntw");
    open().pump(false);
    print("o\n");
    ProcessLog next = open();
    next.pump(false);
    assertEquals(List.of("one", "two"), lines(next.newest()));
  }

  @Test
  void onlySoMuchIsKept() throws Exception {
    ProcessLog log = open();
    for (int i = 0; i < 1000; i++) {
      print("line number " + i + "\n");
      log.pump(false);
    }
    assertTrue(Files.size(log.newest()) + Files.size(log.older()) <= 8192);
    assertEquals("line number 999", lines(log.newest()).getLast());
  }

  @Test
  void anEmptiedSpoolIsCut() throws Exception {
    ProcessLog log = open();
    print("x".repeat(1000).concat("\n").repeat(600));
    log.pump(false);
    assertEquals(0, Files.size(new TaskDirectory(path).spool(false)));
    print("last\n");
    log.pump(false);
    assertEquals("last", lines(log.newest()).getLast());
  }
}
