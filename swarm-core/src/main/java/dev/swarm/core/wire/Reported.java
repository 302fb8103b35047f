package dev.swarm.core.wire;

import dev.swarm.core.model.TaskStatus;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.PortStatus;
import java.time.Duration;
import java.time.Instant;

/**
 * A task's status as its node reports it, brought within bounds: a worker is not trusted with how
 * much a manager stores, nor with the time.
 */
public final class Reported {
  /** Of a message or an error, in bytes: what an engine says fits; a log that got in does not. */
  public static final int TEXT_BYTES_MAX = 4 << 10;

  /** A node's clock may be so far ahead; what it says of a later time happened now. */
  public static final Duration SKEW_MAX = Duration.ofSeconds(10);

  private static final int ID_BYTES_MAX = 256;
  private static final int PORTS_BYTES_MAX = 64 << 10;
  private static final int PORT_MAX = 65_535;

  private Reported() {}

  /**
   * @param now the manager's time
   */
  public static TaskStatus status(docker.swarmkit.v1.TaskStatus wire, Instant now) {
    TaskStatus told = FromWire.status(wire);
    return new TaskStatus(
        told.state(),
        time(told.at(), now),
        Excerpt.of(told.message(), TEXT_BYTES_MAX),
        Excerpt.of(told.err(), TEXT_BYTES_MAX),
        run(told.run()));
  }

  private static Instant time(Instant told, Instant now) {
    if (told.isBefore(Instant.EPOCH)) {
      return Instant.EPOCH;
    }
    return told.isAfter(now.plus(SKEW_MAX)) ? now : told;
  }

  private static TaskStatus.Run run(TaskStatus.Run told) {
    return told == TaskStatus.Run.NONE
        ? told
        : new TaskStatus.Run(
            Excerpt.of(told.containerId(), ID_BYTES_MAX),
            told.pid(),
            told.exitCode(),
            ports(told.ports()));
  }

  /** Field by field, so that nothing comes along that is not known here. */
  private static PortStatus ports(PortStatus told) {
    PortStatus.Builder kept = PortStatus.newBuilder();
    int bytes = 0;
    for (PortConfig port : told.getPortsList()) {
      if (!isPort(port.getTargetPort()) || !isPort(port.getPublishedPort())) {
        continue;
      }
      PortConfig known =
          PortConfig.newBuilder()
              .setName(Excerpt.of(port.getName(), ID_BYTES_MAX))
              .setProtocolValue(port.getProtocolValue())
              .setTargetPort(port.getTargetPort())
              .setPublishedPort(port.getPublishedPort())
              .setPublishModeValue(port.getPublishModeValue())
              .build();
      bytes += known.getSerializedSize() + 4;
      if (bytes > PORTS_BYTES_MAX) {
        break;
      }
      kept.addPorts(known);
    }
    return kept.build();
  }

  private static boolean isPort(int number) {
    return number >= 0 && number <= PORT_MAX;
  }
}
