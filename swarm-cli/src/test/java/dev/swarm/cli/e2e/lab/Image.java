package dev.swarm.cli.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The image of the tests, made of this machine's static busybox: no registry is needed. */
public final class Image {
  public static final String PAGE = "<h1>It works</h1>\n";

  private static final List<String> PROGRAMS =
      List.of(
          "sh",
          "sleep",
          "cat",
          "echo",
          "nc",
          "httpd",
          "wget",
          "ip",
          "ls",
          "ps",
          "kill",
          "hostname",
          "true",
          "false",
          "env",
          "id",
          "touch",
          "date");

  private Image() {}

  /** Its file tree, made in {@code directory} if it is not there yet. */
  static Path at(Path directory) {
    Path root = directory.resolve("image");
    if (Files.exists(root)) {
      return root;
    }
    try {
      Path bin = Files.createDirectories(root.resolve("bin"));
      Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
      bin.resolve("busybox").toFile().setExecutable(true, false);
      for (String program : PROGRAMS) {
        Files.createSymbolicLink(bin.resolve(program), Path.of("busybox"));
      }
      for (String name : List.of("tmp", "etc", "www")) {
        Files.createDirectories(root.resolve(name));
      }
      Files.writeString(root.resolve("www/index.html"), PAGE);
      return root;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
