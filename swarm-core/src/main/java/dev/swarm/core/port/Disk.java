package dev.swarm.core.port;

import java.io.IOException;
import java.util.Map;

/**
 * A small durable store of named values. A {@link #put} or {@link #remove} that returned is on
 * disk. Names are letters, digits, {@code .}, {@code _} and {@code -}, at most 128 of them.
 */
public interface Disk {
  void put(String name, byte[] value) throws IOException;

  /** Removes {@code name}; does nothing where it is absent. */
  void remove(String name) throws IOException;

  /** Everything stored, in the order of names. */
  Map<String, byte[]> readAll() throws IOException;
}
