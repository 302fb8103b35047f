package dev.swarm.worker.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.sim.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessLogTest {
  @TempDir Path path;
  private final VirtualTime clock = new VirtualTime();

  private ProcessLog open() {
    return new ProcessLog(new TaskDirectory(path), 8192, clock::now);
  }

  private void print(int segment, String text) throws Exception {
    Files.writeString(
        new TaskDirectory(path).segment(false, segment),
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
    print(0, "one\ntw");
    log.pump();
    assertEquals(List.of("one"), lines(log.newest()));
    print(0, "o\nthree");
    log.pump();
    log.finish();
    log.finish();
    assertEquals(List.of("one", "two", "three"), lines(log.newest()));
  }

  @Test
  void anotherDaemonGoesOnWhereTheLastStopped() throws Exception {
    print(0, "one\ntw");
    open().pump();
    print(0, "o\n");
    ProcessLog next = open();
    next.pump();
    assertEquals(List.of("one", "two"), lines(next.newest()));
  }

  @Test
  void aLineMayBeginInOneSegmentAndEndInTheNext() throws Exception {
    print(0, "one\ntw");
    print(1, "");
    open().pump();
    print(1, "o\nthree\n");
    open().pump();
    assertEquals(List.of("one", "two", "three"), lines(open().newest()));
  }

  @Test
  void onlySoMuchIsKept() throws Exception {
    ProcessLog log = open();
    for (int i = 0; i < 1000; i++) {
      print(0, "line number " + i + "\n");
      log.pump();
    }
    assertTrue(Files.size(log.newest()) + Files.size(log.older()) <= 8192);
    assertEquals("line number 999", lines(log.newest()).getLast());
  }

  @Test
  void aSegmentThatWasReadIsLetGo() throws Exception {
    ProcessLog log = open();
    print(0, "one\n");
    log.pump();
    assertTrue(Files.exists(new TaskDirectory(path).segment(false, 0)), "it is being written");
    print(1, "two\n");
    log.finish();
    assertEquals(List.of("one", "two"), lines(log.newest()));
    assertFalse(Files.exists(new TaskDirectory(path).segment(false, 0)));
  }

  @Test
  void whatWasThrownAwayUnreadIsSaidToBeLost() throws Exception {
    ProcessLog log = open();
    print(0, "one\n");
    log.pump();
    Files.delete(new TaskDirectory(path).segment(false, 0));
    print(5, "six\n");
    print(6, "seven\n");
    log.finish();
    assertEquals(
        List.of(
            "one",
            "(some output is lost: it came faster than the daemon read it, or while it was down)",
            "six",
            "seven"),
        lines(log.newest()));
  }

  @Test
  void aLineWithoutEndIsCut() throws Exception {
    ProcessLog log = open();
    print(0, "x".repeat(ProcessLog.LINE_BYTES_MAX + 10));
    log.finish();
    assertEquals(
        List.of("x".repeat(ProcessLog.LINE_BYTES_MAX), "x".repeat(10)),
        Stream.concat(lines(log.older()).stream(), lines(log.newest()).stream()).toList());
  }

  @Test
  void nobodyElseReadsIt() throws Exception {
    ProcessLog log = open();
    print(0, "one\n");
    log.pump();
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(log.newest())));
  }
}
