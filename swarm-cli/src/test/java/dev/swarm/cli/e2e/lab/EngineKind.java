package dev.swarm.cli.e2e.lab;

import java.nio.file.Path;
import java.util.List;

/** The engines that a host can have. */
public enum EngineKind {
  /** This machine's own. */
  STOCK {
    @Override
    List<String> command(Host host) {
      return dockerd(host);
    }
  },
  NEWER {
    @Override
    List<String> command(Host host) {
      return EngineRoot.DOCKER.inside(dockerd(host));
    }
  },
  PODMAN {
    @Override
    List<String> command(Host host) {
      Path disk = host.disk();
      return EngineRoot.PODMAN.inside(
          List.of(
              "podman",
              "--root",
              disk.resolve("engine").toString(),
              "--runroot",
              disk.resolve("run").toString(),
              "--network-config-dir",
              disk.resolve("networks").toString(),
              "--runtime",
              "runc",
              "--cgroup-manager",
              "cgroupfs",
              "--events-backend",
              "file",
              "system",
              "service",
              "--time=0",
              host.engine().url()));
    }
  };

  /** What runs the engine on {@code host}, which has it alone. */
  abstract List<String> command(Host host);

  private static List<String> dockerd(Host host) {
    Path disk = host.disk();
    return List.of(
        "dockerd",
        "--data-root",
        disk.resolve("engine").toString(),
        "--exec-root",
        disk.resolve("run").toString(),
        "--pidfile",
        disk.resolve("docker.pid").toString(),
        "--host",
        host.engine().url(),
        "--cgroup-parent",
        "/" + host.group(),
        "--userland-proxy=false");
  }
}
