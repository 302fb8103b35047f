package dev.swarm.core.pki;

/**
 * Header by which a program that orders a certificate says that it can be a manager. A stock engine
 * does not send it: it speaks another Raft, and would be a manager in name only.
 */
public final class ManagerProgram {
  /** Name of the header of a certificate's order; gRPC metadata, ASCII. */
  public static final String HEADER = "swarm-manager-log";

  /** Its value: the version of the log's protocol. */
  public static final String LOG_VERSION = "1";

  private ManagerProgram() {}
}
