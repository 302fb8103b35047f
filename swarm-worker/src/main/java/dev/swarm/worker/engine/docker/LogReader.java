package dev.swarm.worker.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.swarm.core.docker.LogFrame;
import dev.swarm.worker.engine.LogOptions;
import dev.swarm.worker.engine.Permits;
import docker.swarmkit.v1.LogAttr;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.LogStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Reads one container's log from the engine and delivers it as messages. Blocks its thread. */
final class LogReader {
  private static final int LINE_BYTES_MAX = 1 << 20;
  private final EngineApi api;
  private final Flow.Subscriber<LogMessage> subscriber;
  private final Permits permits = new Permits(this::abort);
  private volatile @Nullable Response response;
  private boolean hasAttributes;

  LogReader(EngineApi api, Flow.Subscriber<LogMessage> subscriber) {
    this.api = api;
    this.subscriber = subscriber;
  }

  Flow.Subscription subscription() {
    return permits;
  }

  /** Attributes are asked for only where there are some: not every engine gives their place. */
  void read(Container container, LogOptions options) {
    boolean attributes = container.logsAttributes();
    try (Response open = api.stream("GET", path(container.id(), attributes, options), Map.of())) {
      response = open;
      if (permits.isCancelled()) {
        return;
      }
      InputStream body = new BufferedInputStream(open.getBody());
      hasAttributes = attributes;
      // A terminal's bytes come as they are, in one stream.
      if (container.hasTty()) {
        readLines(body);
      } else {
        readFrames(body);
      }
      subscriber.onComplete();
    } catch (ApiException | IOException e) {
      if (!permits.isCancelled()) {
        subscriber.onError(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String path(String containerId, boolean attributes, LogOptions options) {
    return "/containers/"
        + containerId
        + "/logs?timestamps=1"
        + (attributes ? "&details=1" : "")
        + "&follow="
        + options.follow()
        + "&stdout="
        + options.stdout()
        + "&stderr="
        + options.stderr()
        + "&tail="
        + (options.tail() < 0 ? "all" : Long.toString(options.tail()))
        + options.since().map(LogReader::since).orElse("");
  }

  private static String since(Instant since) {
    return "&since=%d.%09d".formatted(since.getEpochSecond(), since.getNano());
  }

  private void readFrames(InputStream in) throws IOException, InterruptedException {
    for (Optional<LogFrame> frame = LogFrame.read(in, LINE_BYTES_MAX);
        frame.isPresent();
        frame = LogFrame.read(in, LINE_BYTES_MAX)) {
      boolean error = frame.get().stream() == LogFrame.Stream.ERR;
      if (!deliver(
          frame.get().bytes(), error ? LogStream.LOG_STREAM_STDERR : LogStream.LOG_STREAM_STDOUT)) {
        return;
      }
    }
  }

  private void readLines(InputStream in) throws IOException, InterruptedException {
    byte[] line = new byte[LINE_BYTES_MAX];
    int length = 0;
    for (int next = in.read(); next >= 0; next = in.read()) {
      line[length++] = (byte) next;
      if (next == '\n' || length == line.length) {
        if (!deliver(Arrays.copyOf(line, length), LogStream.LOG_STREAM_STDOUT)) {
          return;
        }
        length = 0;
      }
    }
    if (length > 0) {
      deliver(Arrays.copyOf(line, length), LogStream.LOG_STREAM_STDOUT);
    }
  }

  private boolean deliver(byte[] line, LogStream stream) throws InterruptedException {
    if (!permits.take()) {
      return false;
    }
    LogMessage.Builder message = LogMessage.newBuilder().setStream(stream);
    int space = indexOfSpace(line);
    Optional<Instant> time =
        space < 0 ? Optional.empty() : parse(new String(line, 0, space, StandardCharsets.US_ASCII));
    time.ifPresent(
        at ->
            message.setTimestamp(
                Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano())));
    int from = time.isEmpty() ? 0 : textFrom(line, space + 1, message);
    subscriber.onNext(message.setData(ByteString.copyFrom(line, from, line.length - from)).build());
    return true;
  }

  private int textFrom(byte[] line, int from, LogMessage.Builder message) {
    return hasAttributes ? details(line, from, message) : from;
  }

  /**
   * Reads what the engine puts between time and text: {@code key=value} pairs, comma-separated and
   * escaped as in a URL, then a space; without any, the space alone.
   *
   * @return where the text begins
   */
  private static int details(byte[] line, int from, LogMessage.Builder message) {
    int end = from;
    while (end < line.length && line[end] != ' ') {
      end++;
    }
    if (end == line.length) {
      return from;
    }
    String pairs = new String(line, from, end - from, StandardCharsets.US_ASCII);
    List<LogAttr> attributes = new ArrayList<>();
    for (String pair : pairs.isEmpty() ? new String[0] : pairs.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        return from; // A word of the text, by an engine that gives no attributes.
      }
      attributes.add(
          LogAttr.newBuilder()
              .setKey(unescaped(pair.substring(0, equals)))
              .setValue(unescaped(pair.substring(equals + 1)))
              .build());
    }
    message.addAllAttrs(attributes);
    return end + 1;
  }

  private static String unescaped(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // not escaped, whoever wrote it
    }
  }

  private static int indexOfSpace(byte[] line) {
    for (int i = 0; i < Math.min(line.length, 64); i++) {
      if (line[i] == ' ') {
        return i;
      }
    }
    return -1;
  }

  private static Optional<Instant> parse(String time) {
    try {
      return Optional.of(Instant.parse(time));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private void abort() {
    Response open = response;
    if (open != null) {
      open.close();
    }
  }
}
