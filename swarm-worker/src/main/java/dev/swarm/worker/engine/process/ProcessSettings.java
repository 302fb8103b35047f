package dev.swarm.worker.engine.process;

import java.nio.file.Path;

/**
 * Settings of a node that runs plain processes.
 *
 * @param directory holds a directory for each task; made with mode 0711 if absent
 * @param users whom processes run as
 * @param programs the host's own, by which processes are started
 * @param version what the node calls its engine's version
 * @param logBytesMax how much of each task's output is kept
 */
public record ProcessSettings(
    Path directory, TaskUsers users, SystemPrograms programs, String version, long logBytesMax) {
  public static final long LOG_BYTES_DEFAULT = 10L << 20;
  private static final long LOG_BYTES_MIN = 4096;

  public ProcessSettings {
    if (logBytesMax < LOG_BYTES_MIN) {
      throw new IllegalArgumentException("a log needs at least " + LOG_BYTES_MIN + " bytes");
    }
    directory = directory.toAbsolutePath();
  }
}
