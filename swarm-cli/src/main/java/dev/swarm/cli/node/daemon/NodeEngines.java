package dev.swarm.cli.node.daemon;

import dev.swarm.core.port.Clock;
import dev.swarm.worker.engine.Engine;
import dev.swarm.worker.engine.Engines;
import dev.swarm.worker.engine.NoEngine;
import dev.swarm.worker.engine.docker.AttachmentEngine;
import dev.swarm.worker.engine.docker.DockerEngine;
import dev.swarm.worker.engine.process.ProcessEngine;
import dev.swarm.worker.engine.process.ProcessSettings;
import dev.swarm.worker.secret.SecretFiles;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Engines that a daemon was told to use.
 *
 * @param all as one, for the worker
 * @param attachments the one for places on networks, if there is an engine that has containers
 */
record NodeEngines(Engine all, Optional<AttachmentEngine> attachments) {

  static NodeEngines open(
      DaemonOptions options, NodeDirectory directory, String nodeId, Clock clock)
      throws IOException {
    List<Engine> engines = new ArrayList<>();
    Optional<AttachmentEngine> attachments = Optional.empty();
    if (options.engine().isPresent()) {
      boolean preferLocal = "1".equals(System.getenv(DockerEngine.PREFER_OFFLINE_IMAGE));
      DockerEngine docker =
          new DockerEngine(
              URI.create("unix://" + options.engine().get()),
              () -> nodeId,
              new SecretFiles(SecretFiles.place(directory.secrets())),
              clock,
              preferLocal);
      engines.add(docker);
      attachments = Optional.of(docker.attachments());
      engines.add(attachments.get());
    }
    if (options.processes().isPresent()) {
      engines.add(
          new ProcessEngine(
              new ProcessSettings(
                  directory.processes(),
                  options.processes().get().users(),
                  options.processes().get().programs(),
                  Version.PROGRAM,
                  ProcessSettings.LOG_BYTES_DEFAULT),
              clock));
    }
    return new NodeEngines(
        engines.isEmpty() ? new NoEngine(Version.PROGRAM) : new Engines(engines), attachments);
  }
}
