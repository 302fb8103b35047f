package dev.swarm.worker.network;

/**
 * Result of running a program.
 *
 * @param code its exit code
 * @param out what it printed
 * @param message what it complained of, its beginning
 */
record Ran(int code, String out, String message) {
  boolean succeeded() {
    return code == 0;
  }
}
