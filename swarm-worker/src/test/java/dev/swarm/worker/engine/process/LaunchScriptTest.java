package dev.swarm.worker.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@EnabledOnOs(OS.LINUX)
final class LaunchScriptTest {
  @TempDir Path directory;

  private record Run(int code, String printed) {}

  private static final Path ENV = Path.of("/usr/bin/env");

  private static Run run(String script) throws Exception {
    return run(List.of("/bin/sh"), script);
  }

  private static Run run(List<String> line, String script) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.directory(new File("/")).environment().clear();
    Process shell = builder.start();
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
            ENV,
            List.of("/bin/sh", "-c", "printf '%s|' \"$PWD\" \"$A\" \"$IFS\" \"$1\"", "0", strange),
            folder.toString(),
            List.of("A=first", "A=" + strange, "LD_PRELOAD=", "PS4=$(exit 3)", "ENV=/no/such"));
    Run run = run(script);
    assertEquals(0, run.code());
    assertEquals(folder + "|" + strange + "| \t\n|" + strange + "|", run.printed());
  }

  /** What a host may have as {@code /bin/sh}. */
  enum Shell {
    SH,
    BASH,
    BUSYBOX;

    List<String> line() {
      return switch (this) {
        case SH -> List.of("/bin/sh");
        case BASH -> List.of("/bin/bash", "-c", "exec -a sh /bin/bash");
        case BUSYBOX -> List.of("/bin/busybox", "sh");
      };
    }
  }

  /**
   * Nothing but what was asked for, and the directory; names that a shell keeps for itself, too.
   */
  @ParameterizedTest
  @EnumSource
  void theEnvironmentIsWhatItShallBe(Shell shell) throws Exception {
    assumeTrue(Files.isExecutable(Path.of(shell.line().getFirst())), "no such shell here");
    String[] names = {
      "UID",
      "EUID",
      "GID",
      "PPID",
      "GROUPS",
      "SHELLOPTS",
      "BASHOPTS",
      "BASH_VERSINFO",
      "RANDOM",
      "SECONDS",
      "LINENO",
      "OPTIND",
      "SHLVL",
      "_",
      "DIRSTACK",
      "FUNCNAME",
      "IFS",
      "OLDPWD",
      "LC_ALL",
      "PATH",
      "PS4",
      "ENV",
      "HOME",
      "TMOUT",
      "A",
      "POSIXLY_CORRECT",
      "BASH_ENV",
      "EPOCHSECONDS"
    };
    for (int given : new int[] {0, 1, names.length}) {
      TreeSet<String> wanted = new TreeSet<>(List.of("PWD=" + directory, "HOST=h"));
      List<String> environment = new ArrayList<>(List.of("HOST=h", "PATH=/bin"));
      if (given < names.length) {
        wanted.add("PATH=/bin");
      }
      for (String name : List.of(names).reversed().subList(0, given)) {
        environment.add(name + "=first");
        environment.add(name + "='x; y' " + name);
        wanted.add(name + "='x; y' " + name);
      }
      String script =
          LaunchScript.of(
              ENV, List.of(ENV.toString()), directory.toString(), List.copyOf(environment));
      Run run = run(shell.line(), script);
      assertEquals(0, run.code(), run.printed());
      assertEquals(
          String.join("\n", wanted),
          run.printed().lines().sorted().collect(Collectors.joining("\n")));
    }
  }

  /** To {@code env} it would be one more variable. */
  @ParameterizedTest
  @EnumSource
  void aProgramWithAnEqualsSignIsRun(Shell shell) throws Exception {
    assumeTrue(Files.isExecutable(Path.of(shell.line().getFirst())), "no such shell here");
    Path program = Files.copy(Path.of("/bin/echo"), directory.resolve("a=b"));
    Run run =
        run(
            shell.line(),
            LaunchScript.of(
                ENV, List.of(program.toString(), "c=d"), directory.toString(), List.of("A=b")));
    assertEquals(new Run(0, "c=d\n"), run);
  }

  /** The daemon may die while it writes. */
  @Test
  void aScriptThatWasCutShortDoesNothing() throws Exception {
    String script =
        LaunchScript.of(
            ENV, List.of("/bin/sh", "-c", "echo ran"), directory.toString(), List.of("A=b", "C=d"));
    for (int length = 1; length < script.length() - 2; length += 7) {
      Run run = run(script.substring(0, length));
      assertNotEquals(0, run.code(), script.substring(0, length));
      assertEquals(-1, run.printed().indexOf("ran\n"));
    }
  }
}
