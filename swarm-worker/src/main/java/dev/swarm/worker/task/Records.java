package dev.swarm.worker.task;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.swarm.core.port.Disk;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.port.Reason;
import dev.swarm.v1.TaskRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores tasks on disk, one record each. Changes of one task within a turn of the event loop become
 * one write, and a turn writes only a few, so that heartbeats pass between them.
 */
final class Records {
  private static final Logger LOG = LoggerFactory.getLogger(Records.class);
  private static final String PREFIX = "task-";
  private static final int WRITES_A_TURN_MAX = 8;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Disk disk;
  private final EventLoop loop;
  private final LinkedHashMap<String, Pending> pending = new LinkedHashMap<>();
  private boolean scheduled;
  private boolean broken;
  private boolean closed;

  /**
   * @param record what to write, or nothing to remove it
   * @param then what waits for the write
   */
  private record Pending(Supplier<Optional<TaskRecord>> record, Runnable then) {}

  Records(Disk disk, EventLoop loop) {
    this.disk = disk;
    this.loop = loop;
  }

  /**
   * Every readable record, in the order of task ids. An unreadable one is dropped with a warning.
   */
  List<TaskRecord> readAll() throws IOException {
    List<TaskRecord> records = new ArrayList<>();
    for (Map.Entry<String, byte[]> entry : disk.readAll().entrySet()) {
      if (entry.getKey().startsWith(PREFIX)) {
        parse(entry.getKey(), entry.getValue()).ifPresent(records::add);
      }
    }
    return records;
  }

  private Optional<TaskRecord> parse(String name, byte[] value) throws IOException {
    try {
      TaskRecord record = TaskRecord.parseFrom(value);
      if (name.equals(PREFIX + record.getTask().getId())) {
        return Optional.of(record);
      }
      LOG.warn("the record {} is of another task and is dropped", name);
    } catch (InvalidProtocolBufferException e) {
      LOG.warn("the record {} is damaged and is dropped: {}", name, e.getMessage());
    }
    disk.remove(name);
    return Optional.empty();
  }

  /** Writes soon; {@code then} runs after the write, or after a disk that fails refused it. */
  void save(String taskId, Supplier<Optional<TaskRecord>> record, Runnable then) {
    pending.put(taskId, new Pending(record, then));
    wake(Duration.ZERO);
  }

  private void wake(Duration delay) {
    if (!scheduled) {
      scheduled = true;
      loop.schedule(delay, this::flush);
    }
  }

  /** Writes what is pending, if the disk takes it, and nothing after that. */
  void close() {
    closed = true;
    pending.forEach((id, entry) -> write(id, entry.record().get()));
    pending.clear();
  }

  private void flush() {
    scheduled = false;
    if (closed) {
      return;
    }
    for (int i = 0; i < WRITES_A_TURN_MAX && !pending.isEmpty(); i++) {
      Map.Entry<String, Pending> first = pending.firstEntry();
      if (!write(first.getKey(), first.getValue().record().get())) {
        // A full disk must not hide what the tasks do: report now, write when it works again.
        pending.replaceAll(
            (id, entry) -> {
              entry.then().run();
              return new Pending(entry.record(), () -> {});
            });
        wake(RETRY);
        return;
      }
      pending.remove(first.getKey());
      first.getValue().then().run();
    }
    if (!pending.isEmpty()) {
      wake(Duration.ZERO);
    }
  }

  private boolean write(String taskId, Optional<TaskRecord> record) {
    try {
      if (record.isPresent()) {
        disk.put(PREFIX + taskId, record.get().toByteArray());
      } else {
        disk.remove(PREFIX + taskId);
      }
      broken = false;
      return true;
    } catch (IOException | RuntimeException e) {
      if (!broken) {
        LOG.error("cannot keep task records on disk, trying again each second: {}", Reason.of(e));
      }
      broken = true;
      return false;
    }
  }
}
