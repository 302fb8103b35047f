package dev.swarm.worker.engine.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The programs of the host that start a task's process and keep its log, by absolute path. They are
 * looked for in few directories, whatever PATH says, and only taken where nobody but root can
 * change them: part of them run as root.
 */
public record SystemPrograms(
    Path sh,
    Path setsid,
    Path setpriv,
    Path mv,
    Path rm,
    Path mkfifo,
    Path dd,
    Path sleep,
    Path env) {
  private static final List<Path> DIRECTORIES =
      List.of(Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/sbin"), Path.of("/sbin"));
  private static final Map<String, String> PACKAGES =
      Map.of("setsid", "util-linux", "setpriv", "util-linux");
  private static final int OTHERS_WRITE = 0002;
  private static final int GROUP_WRITE = 0020;

  /**
   * @throws IOException in a sentence, if one is missing or cannot be trusted
   */
  public static SystemPrograms find() throws IOException {
    return findIn(DIRECTORIES);
  }

  static SystemPrograms findIn(List<Path> directories) throws IOException {
    return new SystemPrograms(
        find("sh", directories),
        find("setsid", directories),
        find("setpriv", directories),
        find("mv", directories),
        find("rm", directories),
        find("mkfifo", directories),
        find("dd", directories),
        find("sleep", directories),
        find("env", directories));
  }

  private static Path find(String name, List<Path> directories) throws IOException {
    for (Path directory : directories) {
      Path program = directory.resolve(name);
      if (Files.isRegularFile(program) && Files.isExecutable(program)) {
        check(program);
        check(program.toRealPath());
        return program;
      }
    }
    throw new IOException(
        "the process runtime needs the program "
            + name
            + ", which is in none of "
            + String.join(", ", directories.stream().map(Path::toString).toList())
            + "; install "
            + PACKAGES.getOrDefault(name, "coreutils"));
  }

  /** Whoever may write to a directory above it could put another program in its place. */
  private static void check(Path program) throws IOException {
    for (Path each = program; each != null; each = each.getParent()) {
      Map<String, Object> facts =
          Files.readAttributes(each, "unix:uid,gid,mode,isSymbolicLink", LinkOption.NOFOLLOW_LINKS);
      int mode = facts.get("mode") instanceof Integer bits ? bits : 0;
      boolean writable =
          !Boolean.TRUE.equals(facts.get("isSymbolicLink"))
              && ((mode & OTHERS_WRITE) != 0
                  || ((mode & GROUP_WRITE) != 0 && !Integer.valueOf(0).equals(facts.get("gid"))));
      if (!Integer.valueOf(0).equals(facts.get("uid")) || writable) {
        throw new IOException(
            "the process runtime will not use "
                + program
                + ", because others than root can change "
                + each);
      }
    }
  }
}
