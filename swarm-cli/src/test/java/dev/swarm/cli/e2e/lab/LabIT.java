package dev.swarm.cli.e2e.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The hosts themselves, with stock engines only: what the other tests stand on. */
@NeedsHosts
final class LabIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Test
  void hostsRunContainersLosePowerAndComeBack() {
    Path files;
    try (Lab lab = Lab.open("lab")) {
      files = lab.directory();
      Host one = lab.host("one");
      Host two = lab.host("two");
      lab.journal().step("an engine serves a page to the other host");
      one.engine().start();
      one.docker(
              "run", "-d", "--name", "web", "-p", "80:80", "busybox", "httpd", "-f", "-h", "/www")
          .ok();
      Until.holds("the page is there", LIMIT, () -> two.page(one, 80).equals(Image.PAGE));
      assertEquals("one", one.run("hostname").line());

      lab.journal().step("a cut");
      one.cut();
      assertThrows(AssertionError.class, () -> two.page(one, 80));
      one.heal();
      Until.holds("the page is back", LIMIT, () -> two.page(one, 80).equals(Image.PAGE));

      lab.journal().step("a loss of power");
      one.powerOff();
      assertEquals(List.of(), ownProcesses(one.disk()));
      one.powerOn();
      one.engine().start();
      assertEquals("exited", one.docker("inspect", "-f", "{{.State.Status}}", "web").line());
      one.docker("start", "web").ok();
      Until.holds("the page is back", LIMIT, () -> two.page(one, 80).equals(Image.PAGE));
    }
    assertFalse(Files.exists(files));
    assertEquals(List.of(), ownProcesses(files));
  }

  /** Processes of engines whose files are under {@code directory}. */
  private static List<String> ownProcesses(Path directory) {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains(directory + "/"))
        .toList();
  }
}
