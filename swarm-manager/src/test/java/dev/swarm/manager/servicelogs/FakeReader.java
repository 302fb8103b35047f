package dev.swarm.manager.servicelogs;

import docker.swarmkit.v1.SubscribeLogsMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A client that remembers what it read. */
final class FakeReader implements ServiceLogReader {
  final List<String> lines = new ArrayList<>();
  Optional<String> end = Optional.empty();
  boolean ready = true;

  @Override
  public boolean ready() {
    return ready;
  }

  @Override
  public void next(SubscribeLogsMessage message) {
    if (end.isPresent()) {
      throw new AssertionError("a message after the end");
    }
    message.getMessagesList().forEach(line -> lines.add(line.getData().toStringUtf8()));
  }

  @Override
  public void closed(String cause) {
    if (end.isPresent()) {
      throw new AssertionError("ended twice");
    }
    end = Optional.of(cause);
  }
}
