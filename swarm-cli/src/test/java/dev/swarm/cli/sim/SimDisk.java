package dev.swarm.cli.sim;

import dev.swarm.core.port.Disk;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** A node's disk: outlives its processes, and may refuse to be written to. */
final class SimDisk implements Disk {
  private final TreeMap<String, byte[]> files = new TreeMap<>();
  private boolean full;

  void full(boolean now) {
    full = now;
  }

  @Override
  public void put(String name, byte[] value) throws IOException {
    if (full) {
      throw new IOException("no space left on device");
    }
    files.put(name, value.clone());
  }

  @Override
  public void remove(String name) throws IOException {
    if (full) {
      throw new IOException("read-only file system");
    }
    files.remove(name);
  }

  @Override
  public Map<String, byte[]> readAll() {
    return new TreeMap<>(files);
  }
}
