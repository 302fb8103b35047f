package dev.swarm.cli.node.daemon;

import com.sun.management.OperatingSystemMXBean;
import dev.swarm.cli.node.engineapi.http.ServerIdentity;
import java.lang.management.ManagementFactory;

/** Facts about this machine that the daemon reports. */
final class HostFacts {
  private HostFacts() {}

  static ServerIdentity identity(String hostname) {
    long memoryBytes =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
            ? os.getTotalMemorySize()
            : 0;
    String arch = System.getProperty("os.arch", "amd64");
    return new ServerIdentity(
        Version.PROGRAM,
        ServerIdentity.API_MINOR_MIN,
        ServerIdentity.API_MINOR_MAX,
        hostname,
        arch.equals("x86_64") ? "amd64" : arch.equals("aarch64") ? "arm64" : arch,
        Runtime.getRuntime().availableProcessors(),
        memoryBytes);
  }
}
