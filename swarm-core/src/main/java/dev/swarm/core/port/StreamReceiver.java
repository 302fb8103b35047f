package dev.swarm.core.port;

/** The receiving end of a stream of messages. Calls come one at a time, in order. */
public interface StreamReceiver<T> {
  void next(T message);

  /** The stream is over and nothing more will come; {@code cause} says why, for people to read. */
  void closed(String cause);
}
