package dev.swarm.cli.node.engineapi;

import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.routes.InitRequest;
import dev.swarm.cli.node.engineapi.routes.JoinRequest;
import dev.swarm.cli.node.engineapi.routes.LocalMembership;
import dev.swarm.cli.node.engineapi.routes.LocalNode;
import dev.swarm.cli.node.engineapi.routes.LocalPlace;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A node whose state the test sets, and that remembers what it was asked. */
final class FakeNode implements LocalMembership {
  static final LocalNode MANAGER =
      new LocalNode(
          LocalNode.State.ACTIVE,
          "n1",
          "10.0.0.1",
          true,
          true,
          "",
          List.of(new LocalNode.Peer("n1", "10.0.0.1:2377")));
  static final LocalNode WORKER =
      new LocalNode(LocalNode.State.ACTIVE, "n2", "10.0.0.2", false, false, "", List.of());

  final BlockingQueue<Object> requests = new LinkedBlockingQueue<>();
  volatile LocalNode status = MANAGER;

  @Override
  public LocalNode status() {
    return status;
  }

  @Override
  public String init(InitRequest request) {
    if (status.state() != LocalNode.State.INACTIVE) {
      throw ApiRejection.unavailable(
          "This node is already part of a swarm. Use \"swarm leave\" to leave this swarm and join"
              + " another one.");
    }
    requests.add(request);
    return "n1";
  }

  @Override
  public void join(JoinRequest request) {
    requests.add(request);
  }

  @Override
  public void leave(boolean force) {
    requests.add(force);
  }

  /** The one network of a swarm that it has places on. */
  static final String ATTACHABLE = "attachable";

  @Override
  public Optional<LocalPlace> takePlace(String network, String container, String address) {
    return network.equals(ATTACHABLE)
        ? Optional.of(
            new LocalPlace("place1", "attachable-here", address.isEmpty() ? "10.0.1.7" : address))
        : Optional.empty();
  }

  final BlockingQueue<LocalPlace> returned = new LinkedBlockingQueue<>();

  @Override
  public void returnPlace(LocalPlace place) {
    returned.add(place);
  }

  @Override
  public String unlockKey() {
    return "SWMKEY-1-x";
  }

  @Override
  public void unlock(String key) {
    throw ApiRejection.conflict("swarm is not locked");
  }
}
