package dev.swarm.worker.disk;

import dev.swarm.core.port.Disk;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps values in memory, for a worker whose tasks end with its JVM. Safe for use by many threads.
 */
public final class MemoryDisk implements Disk {
  private final Map<String, byte[]> values = new TreeMap<>();

  @Override
  public synchronized void put(String name, byte[] value) throws IOException {
    values.put(name, value.clone());
  }

  @Override
  public synchronized void remove(String name) throws IOException {
    values.remove(name);
  }

  @Override
  public synchronized Map<String, byte[]> readAll() throws IOException {
    Map<String, byte[]> copy = new TreeMap<>();
    values.forEach((name, value) -> copy.put(name, value.clone()));
    return copy;
  }
}
