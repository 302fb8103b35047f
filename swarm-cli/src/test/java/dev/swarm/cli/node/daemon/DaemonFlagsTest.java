package dev.swarm.cli.node.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a daemon is told wrong it says when it starts, by the flag's name; and nothing is made. */
@ResourceLock(Resources.SYSTEM_ERR)
class DaemonFlagsTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream before = System.err;
  @TempDir Path directory;

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(before);
  }

  private int run(String... flags) {
    List<String> all = new ArrayList<>(List.of("-H", "unix://" + directory.resolve("s")));
    all.addAll(List.of(flags));
    if (!all.contains("--engine")) {
      all.addAll(List.of("--engine", "none"));
    }
    return DaemonCommand.run(all.toArray(String[]::new));
  }

  private void assertRefused(String flag, String value, String words) {
    Path data = directory.resolve("data");
    int code =
        flag.equals("--data-dir")
            ? run(flag, value)
            : run("--data-dir", data.toString(), flag, value);
    String text = said.toString(StandardCharsets.UTF_8);
    assertEquals(125, code, text);
    String first = text.lines().findFirst().orElse("");
    assertTrue(first.startsWith("swarm: ") && first.contains(flag), first);
    assertTrue(first.contains(words), first);
    assertFalse(text.contains("Exception") || text.contains("\tat "), text);
    assertFalse(Files.exists(data));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--listen-addr | no-such-interface | is neither an address",
        "--listen-addr | 127.0.0.1:0 | from 1 to 65535",
        "--listen-addr | 127.0.0.1:70000 | from 1 to 65535",
        "--listen-addr | 127.0.0.1:http | from 1 to 65535",
        "--listen-addr | 300.1.1.1:2377 | like 10.0.0.7:2377 or eth0",
        "--swarm-default-advertise-addr | no-such-interface:1 | neither an address",
        "--swarm-default-advertise-addr | 10.0.0.1:x | from 1 to 65535",
        "--swarm-default-advertise-addr | 0.0.0.0:2377 | stands for all of them",
        "--host | relative/path | unix:///an/absolute/path",
        "--host | tcp://127.0.0.1:99999 | no valid port",
        "--host | tcp://0.0.0.0:2375 | root",
        "--host | fd:// | systemd",
        "--engine | tcp://10.0.0.1:2375 | unix:///an/absolute/path",
        "--engine | docker.sock | unix:///an/absolute/path",
        "--runtime | plugin | knows process",
        "--default-address-pool | 10.0.0.0/8 | base=172.30.0.0/16,size=24",
        "--hostname | two words | letters, digits",
        "--log-level | loud | debug, info, warn or error",
        "--no-such-flag | x | --no-such-flag",
      })
  void aBadValueIsRefusedByTheNameOfItsFlag(String flag, String value, String words) {
    assertRefused(flag, value, words);
  }

  @Test
  void aFileIsNoDataDirectory() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertRefused("--data-dir", file.toString(), "is a file");
    said.reset();
    assertEquals(1, run("--data-dir", file.resolve("below").toString()));
    String text = said.toString(StandardCharsets.UTF_8);
    assertTrue(text.startsWith("swarm daemon: --data-dir " + file.resolve("below")), text);
  }
}
