package dev.swarm.worker.scripted;

import dev.swarm.core.port.Disk;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** A disk in memory that can be told to fail. */
public final class FaultyDisk implements Disk {
  private final TreeMap<String, byte[]> values = new TreeMap<>();
  public boolean broken;
  public int writes;

  @Override
  public void put(String name, byte[] value) throws IOException {
    check();
    writes++;
    values.put(name, value.clone());
  }

  @Override
  public void remove(String name) throws IOException {
    check();
    values.remove(name);
  }

  @Override
  public Map<String, byte[]> readAll() throws IOException {
    check();
    return new TreeMap<>(values);
  }

  public int size() {
    return values.size();
  }

  private void check() throws IOException {
    if (broken) {
      throw new IOException("no space left on device");
    }
  }
}
