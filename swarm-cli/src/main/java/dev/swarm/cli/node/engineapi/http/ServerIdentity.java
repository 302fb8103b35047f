package dev.swarm.cli.node.engineapi.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Facts about this daemon and its machine that the API reports.
 *
 * @param program the program's version
 * @param apiMinorMin the oldest API version served is 1.{@code apiMinorMin}
 * @param apiMinorMax the newest, lower where an inner engine knows less
 * @param arch as the Engine API spells it, {@code amd64}
 */
public record ServerIdentity(
    String program,
    int apiMinorMin,
    int apiMinorMax,
    String hostname,
    String arch,
    int processors,
    long memoryBytes) {
  public static final int API_MINOR_MIN = 24;
  public static final int API_MINOR_MAX = 52;

  public ServerIdentity {
    if (apiMinorMin > apiMinorMax) {
      throw new IllegalArgumentException("API 1." + apiMinorMin + " to 1." + apiMinorMax);
    }
  }

  /**
   * What this Linux machine is, with every API version that this program knows.
   *
   * @throws IOException if {@code /proc} cannot be read
   */
  public static ServerIdentity ofThisMachine(String program) throws IOException {
    return new ServerIdentity(
        program,
        API_MINOR_MIN,
        API_MINOR_MAX,
        Files.readString(Path.of("/proc/sys/kernel/hostname")).strip(),
        arch(System.getProperty("os.arch", "")),
        Runtime.getRuntime().availableProcessors(),
        memoryBytes(Files.readAllLines(Path.of("/proc/meminfo"))));
  }

  private static String arch(String java) {
    return switch (java) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> java;
    };
  }

  /** 0 if the kernel does not say. */
  private static long memoryBytes(List<String> meminfo) {
    return meminfo.stream()
        .filter(line -> line.startsWith("MemTotal:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(0);
  }

  /** The same machine, advertising other versions. */
  public ServerIdentity withApi(int minorMin, int minorMax) {
    return new ServerIdentity(program, minorMin, minorMax, hostname, arch, processors, memoryBytes);
  }

  public String apiVersion() {
    return "1." + apiMinorMax;
  }

  public String minApiVersion() {
    return "1." + apiMinorMin;
  }
}
