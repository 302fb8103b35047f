package dev.swarm.cli.node.engineapi.routes;

import com.google.protobuf.Timestamp;
import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.http.Exchange;
import dev.swarm.cli.node.engineapi.http.UnixTime;
import docker.swarmkit.v1.LogSelector;
import docker.swarmkit.v1.LogStream;
import docker.swarmkit.v1.LogSubscriptionOptions;
import docker.swarmkit.v1.Service;
import docker.swarmkit.v1.SubscribeLogsRequest;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import io.grpc.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/** Routes {@code /services/{id}/logs} and {@code /tasks/{id}/logs}. */
final class LogRoutes {
  private static final int MULTIPLEXED_TYPE_SINCE = 42;

  private final SwarmClient swarm;
  private final Context serving;

  LogRoutes(SwarmClient swarm, Context serving) {
    this.swarm = swarm;
    this.serving = serving;
  }

  void ofService(Exchange exchange) throws IOException {
    var options = options(exchange);
    Service service = swarm.service(exchange.variable("id"), false);
    stream(
        exchange,
        service.getSpec().getTask(),
        LogSelector.newBuilder().addServiceIds(service.getId()),
        options);
  }

  void ofTask(Exchange exchange) throws IOException {
    var options = options(exchange);
    Task task = swarm.task(exchange.variable("id"));
    stream(exchange, task.getSpec(), LogSelector.newBuilder().addTaskIds(task.getId()), options);
  }

  private void stream(
      Exchange exchange,
      TaskSpec spec,
      LogSelector.Builder selector,
      LogSubscriptionOptions options)
      throws IOException {
    if (spec.hasAttachment()) {
      throw ApiRejection.badRequest("logs only supported on container tasks");
    }
    boolean multiplexed = !spec.getContainer().getTty();
    SubscribeLogsRequest request =
        SubscribeLogsRequest.newBuilder().setSelector(selector).setOptions(options).build();
    LogEncoder.Style style =
        new LogEncoder.Style(multiplexed, exchange.flag("timestamps"), exchange.flag("details"));
    LogRelay relay = new LogRelay(swarm.logs(), request, serving);
    String type =
        multiplexed && exchange.apiMinor() >= MULTIPLEXED_TYPE_SINCE
            ? "application/vnd.docker.multiplexed-stream"
            : "application/vnd.docker.raw-stream";
    try (OutputStream out = exchange.stream(type)) {
      relay.copy(exchange.request(), new LogEncoder(style), out);
    }
  }

  private static LogSubscriptionOptions options(Exchange exchange) {
    var options = LogSubscriptionOptions.newBuilder().setFollow(exchange.flag("follow"));
    if (exchange.flag("stdout")) {
      options.addStreams(LogStream.LOG_STREAM_STDOUT);
    }
    if (exchange.flag("stderr")) {
      options.addStreams(LogStream.LOG_STREAM_STDERR);
    }
    if (options.getStreamsCount() == 0) {
      throw ApiRejection.badRequest("must specify at least one of 'stdout' or 'stderr'");
    }
    options.setTail(tail(exchange.parameter("tail").orElse("all")));
    exchange
        .parameter("since")
        .ifPresent(since -> options.setSince(timestamp(UnixTime.parse("since", since))));
    return options.build();
  }

  /** On the wire all lines are 0, and the last n are -n-1. */
  private static long tail(String lines) {
    if (lines.equals("all")) {
      return 0;
    }
    try {
      int count = Integer.parseInt(lines);
      if (count >= 0) {
        return -count - 1L;
      }
    } catch (NumberFormatException e) {
      // The sentence below says what is wrong.
    }
    throw ApiRejection.badRequest(
        "tail value must be a positive integer or \"all\", got '" + lines + "'");
  }

  private static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }
}
