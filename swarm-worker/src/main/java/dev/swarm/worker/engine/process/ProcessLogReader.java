package dev.swarm.worker.engine.process;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.swarm.worker.engine.LogOptions;
import dev.swarm.worker.engine.Permits;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.LogStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Delivers a task's log as messages. Blocks its thread. */
final class ProcessLogReader {
  private static final int TAIL_MAX = 100_000;
  private static final long FOLLOW_MILLIS = 100;

  private final ProcessLog log;
  private final LogOptions options;
  private final Flow.Subscriber<LogMessage> subscriber;
  private final Permits permits = new Permits(() -> {});
  private final ArrayDeque<LogMessage> tail = new ArrayDeque<>();

  ProcessLogReader(ProcessLog log, LogOptions options, Flow.Subscriber<LogMessage> subscriber) {
    this.log = log;
    this.options = options;
    this.subscriber = subscriber;
  }

  Flow.Subscription subscription() {
    return permits;
  }

  /**
   * @param complete whether everything the task will ever print is in the log
   */
  void read(BooleanSupplier complete) throws IOException, InterruptedException {
    boolean tailing = options.tail() >= 0;
    readOlder(tailing);
    InputStream in = open();
    @Nullable Object key = key();
    try {
      drain(in, tailing);
      for (LogMessage message : tail) {
        deliver(message);
      }
      while (options.follow() && !permits.isCancelled()) {
        boolean last = complete.getAsBoolean();
        drain(in, false);
        // A new file has taken this one's name; what came into the old one before is read by now.
        if (!Objects.equals(key, key())) {
          drain(in, false);
          in.close();
          in = open();
          key = key();
        } else if (last) {
          break;
        } else {
          Thread.sleep(FOLLOW_MILLIS);
        }
      }
    } finally {
      in.close();
    }
    if (!permits.isCancelled()) {
      subscriber.onComplete();
    }
  }

  private void readOlder(boolean tailing) throws IOException, InterruptedException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(log.older()))) {
      drain(in, tailing);
    } catch (NoSuchFileException e) {
      // There is only one generation so far.
    }
  }

  private InputStream open() throws IOException {
    Path file = log.newest();
    return Files.exists(file)
        ? new BufferedInputStream(Files.newInputStream(file))
        : InputStream.nullInputStream();
  }

  private @Nullable Object key() throws IOException {
    try {
      return Files.readAttributes(log.newest(), BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Records are written whole, so the end of the file is the end of a line. */
  private void drain(InputStream in, boolean tailing) throws IOException, InterruptedException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && !permits.isCancelled(); next = in.read()) {
      line.write(next);
      if (next == '\n') {
        Optional<LogMessage> message = parse(line.toByteArray());
        line.reset();
        if (message.isPresent() && wanted(message.get())) {
          take(message.get(), tailing);
        }
      }
    }
  }

  private void take(LogMessage message, boolean tailing) throws InterruptedException {
    if (!tailing) {
      deliver(message);
      return;
    }
    tail.add(message);
    if (tail.size() > Math.min(options.tail(), TAIL_MAX)) {
      tail.removeFirst();
    }
  }

  private void deliver(LogMessage message) throws InterruptedException {
    if (permits.take()) {
      subscriber.onNext(message);
    }
  }

  private boolean wanted(LogMessage message) {
    boolean stream =
        message.getStream() == LogStream.LOG_STREAM_STDERR ? options.stderr() : options.stdout();
    return stream
        && options
            .since()
            .map(
                since ->
                    !Instant.ofEpochSecond(
                            message.getTimestamp().getSeconds(), message.getTimestamp().getNanos())
                        .isBefore(since))
            .orElse(true);
  }

  private static Optional<LogMessage> parse(byte[] record) {
    String text = new String(record, StandardCharsets.ISO_8859_1);
    int space = text.indexOf(' ');
    if (space < 0 || text.length() < space + 4) {
      return Optional.empty();
    }
    try {
      Instant time = Instant.parse(text.substring(0, space));
      return Optional.of(
          LogMessage.newBuilder()
              .setTimestamp(
                  Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano()))
              .setStream(
                  text.charAt(space + 1) == 'e'
                      ? LogStream.LOG_STREAM_STDERR
                      : LogStream.LOG_STREAM_STDOUT)
              .setData(ByteString.copyFrom(record, space + 3, record.length - space - 3))
              .build());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
