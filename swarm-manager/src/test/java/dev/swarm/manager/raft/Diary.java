package dev.swarm.manager.raft;

import dev.swarm.core.port.ReplicatedLog.Leadership;
import dev.swarm.core.port.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** A state machine that writes down all it is told. */
final class Diary implements StateMachine {
  private static final long WAIT_MILLIS_MAX = 60_000;

  private final List<String> entries = new ArrayList<>();
  private final List<Leadership> leaderships = new ArrayList<>();
  private final Set<Thread> threads = new HashSet<>();
  private int restores;
  private Optional<SnapshotRule> rule = Optional.empty();

  synchronized void setRule(SnapshotRule wanted) {
    rule = Optional.of(wanted);
  }

  @Override
  public synchronized Optional<SnapshotRule> snapshotRule() {
    return rule;
  }

  @Override
  public synchronized void committed(byte[] entry) {
    threads.add(Thread.currentThread());
    entries.add(new String(entry, StandardCharsets.UTF_8));
    notifyAll();
  }

  @Override
  public synchronized void restore(InputStream image) throws IOException {
    threads.add(Thread.currentThread());
    entries.clear();
    var in = new DataInputStream(image);
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      entries.add(new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
    }
    if (in.read() >= 0) {
      throw new IOException("more than was written");
    }
    restores++;
    notifyAll();
  }

  @Override
  public synchronized Image image() {
    threads.add(Thread.currentThread());
    List<String> copy = List.copyOf(entries);
    return out -> {
      var data = new DataOutputStream(out);
      data.writeInt(copy.size());
      for (String entry : copy) {
        byte[] bytes = entry.getBytes(StandardCharsets.UTF_8);
        data.writeInt(bytes.length);
        data.write(bytes);
      }
      data.flush();
    };
  }

  @Override
  public synchronized void leadership(Leadership leadership) {
    threads.add(Thread.currentThread());
    leaderships.add(leadership);
    notifyAll();
  }

  synchronized List<String> entries() {
    return List.copyOf(entries);
  }

  synchronized List<Leadership> leaderships() {
    return List.copyOf(leaderships);
  }

  synchronized int restores() {
    return restores;
  }

  synchronized Set<Thread> threads() {
    return Set.copyOf(threads);
  }

  synchronized boolean leads() {
    return !leaderships.isEmpty() && leaderships.getLast().self();
  }

  /** Waits until {@code condition} holds; gives up with what it has seen. */
  synchronized void await(String what, Predicate<Diary> condition) {
    long end = System.nanoTime() + WAIT_MILLIS_MAX * 1_000_000;
    while (!condition.test(this)) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError(
            "no " + what + ": " + entries.size() + " entries, leaderships " + leaderships);
      }
      try {
        wait(Math.min(left, 100));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  void awaitLeading() {
    await("leadership", Diary::leads);
  }

  void awaitEntry(String entry) {
    await("entry " + entry, diary -> diary.entries.contains(entry));
  }
}
