package dev.swarm.worker.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class LaunchScriptTest {
  @TempDir Path directory;

  private record Run(int code, String printed) {}

  private static Run run(String script) throws Exception {
    Process shell = new ProcessBuilder("/bin/sh").redirectErrorStream(true).start();
    try (OutputStream in = shell.getOutputStream()) {
      in.write(script.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It had heard enough.
    }
    String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(shell.waitFor(), printed);
  }

  /** Every word a shell could see something in, and every byte that one could trip over. */
  @Test
  void wordsAndValuesArriveAsTheyAre() throws Exception {
    String strange =
        "'; exit 9; \\ $(id) `id` \"$HOME\" * ~ # & | > \n\t\r "
            + IntStream.range(1, 0x250).mapToObj(Character::toString).collect(Collectors.joining());
    Path folder = Files.createDirectory(directory.resolve("it's \\ here"));
    String script =
        LaunchScript.of(
            List.of("/bin/sh", "-c", "printf '%s|' \"$PWD\" \"$A\" \"$IFS\" \"$1\"", "0", strange),
            folder.toString(),
            List.of("A=first", "A=" + strange, "LD_PRELOAD=", "PS4=$(exit 3)", "ENV=/no/such"));
    Run run = run(script);
    assertEquals(0, run.code());
    assertEquals(folder + "|" + strange + "| \t\n|" + strange + "|", run.printed());
  }

  /** The daemon may die while it writes. */
  @Test
  void aScriptThatWasCutShortDoesNothing() throws Exception {
    String script =
        LaunchScript.of(
            List.of("/bin/sh", "-c", "echo ran"), directory.toString(), List.of("A=b", "C=d"));
    for (int length = 1; length < script.length() - 2; length += 7) {
      Run run = run(script.substring(0, length));
      assertNotEquals(0, run.code(), script.substring(0, length));
      assertEquals(-1, run.printed().indexOf("ran\n"));
    }
  }
}
