package dev.swarm.cli.daemon.engineapi;

/**
 * What this daemon says about itself and its machine.
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
  public static final int API_MINOR_MAX = 47;

  public ServerIdentity {
    if (apiMinorMin > apiMinorMax) {
      throw new IllegalArgumentException("API 1." + apiMinorMin + " to 1." + apiMinorMax);
    }
  }

  String apiVersion() {
    return "1." + apiMinorMax;
  }

  String minApiVersion() {
    return "1." + apiMinorMin;
  }
}
