package dev.swarm.worker.engine;

import com.sun.management.OperatingSystemMXBean;
import docker.swarmkit.v1.Platform;
import docker.swarmkit.v1.Resources;
import java.lang.management.ManagementFactory;

/** Describes this machine, as far as it is known without asking an engine. */
public final class Machine {
  private Machine() {}

  public static Platform platform() {
    String architecture = System.getProperty("os.arch");
    return Platform.newBuilder()
        .setArchitecture(architecture.equals("amd64") ? "x86_64" : architecture)
        .setOs(System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux")
        .build();
  }

  public static Resources resources() {
    long memory =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0;
    return Resources.newBuilder()
        .setNanoCpus(Runtime.getRuntime().availableProcessors() * 1_000_000_000L)
        .setMemoryBytes(memory)
        .build();
  }
}
