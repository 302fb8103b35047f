package dev.swarm.worker.engine.process;

/** An unprivileged user of the host, by number. */
public record TaskUser(int uid, int gid) {
  public TaskUser {
    if (uid <= 0 || gid <= 0) {
      throw new IllegalArgumentException("processes must not run as root");
    }
  }
}
