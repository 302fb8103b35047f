package dev.swarm.cli.e2e.lab;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A stock engine on a host, with one local image: busybox. */
public final class Engine {
  /** The distribution's own client: of the same version as the engine. */
  static final String CLIENT =
      Files.isExecutable(Path.of("/usr/bin/docker")) ? "/usr/bin/docker" : "docker";

  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final Host host;
  private EngineKind kind = EngineKind.STOCK;
  private @Nullable Process process;

  Engine(Host host) {
    this.host = host;
  }

  /** Where its socket is, as both clients and our daemon want it. */
  public String url() {
    return "unix://" + host.disk().resolve("docker.sock");
  }

  /** What it is from its next start on. */
  public Engine of(EngineKind next) {
    kind = next;
    return this;
  }

  /** Ends it as a service manager would, and waits for that. */
  void stop() {
    Process running = process;
    assertTrue(running != null, "the engine of " + host + " is not running");
    running.children().forEach(ProcessHandle::destroy);
    try {
      running.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts it on a host on which it does not run, and waits until it answers. */
  public void start() {
    Path disk = host.disk();
    // What a real host has under /run, and so loses with its power.
    host.run("rm", "-rf", disk.resolve("run").toString(), disk.resolve("docker.pid").toString())
        .ok();
    process = host.start(kind.command(host), Map.of(), host.log("engine"));
    Until.holds(
        "the engine of " + host + " answers",
        START_LIMIT,
        () -> {
          assertTrue(process != null && process.isAlive(), "it ended: see " + host.log("engine"));
          return quietly("version").succeeded();
        });
    if (!quietly("image", "inspect", "busybox:latest").succeeded()) {
      importImage();
    }
  }

  private void importImage() {
    Path root = Image.at(host.lab().directory());
    Path tar = host.disk().resolve("image.tar");
    Programs.run(List.of("tar", "-C", root.toString(), "-cf", tar.toString(), ".")).ok();
    docker("import", "-c", "ENV PATH=/bin", tar.toString(), "busybox:latest").ok();
  }

  /** The {@code docker} client on this engine. */
  public Output docker(String... arguments) {
    Output output = quietly(arguments);
    host.lab().journal().ran(output);
    return output;
  }

  private Output quietly(String... arguments) {
    List<String> words = new ArrayList<>(List.of(CLIENT, "-H", url()));
    words.addAll(List.of(arguments));
    return Programs.run(words);
  }

  /** Ids of running containers of swarm tasks, in order, with when each was started. */
  public List<String> tasks() {
    List<String> ids =
        quietly("ps", "-q", "--no-trunc", "--filter", "label=com.docker.swarm.task.id")
            .ok()
            .lines()
            .sorted()
            .toList();
    List<String> tasks = new ArrayList<>();
    for (String id : ids) {
      tasks.add(id + " " + quietly("inspect", "--format", "{{.State.StartedAt}}", id).line());
    }
    return tasks;
  }

  /** This node's certificate on disk, when the engine is in a swarm. */
  public X509Certificate certificate() {
    Path file = host.disk().resolve("engine/swarm/certificates/swarm-node.crt");
    return certificate(file);
  }

  public static X509Certificate certificate(Path file) {
    try (InputStream bytes = new ByteArrayInputStream(Files.readAllBytes(file))) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
