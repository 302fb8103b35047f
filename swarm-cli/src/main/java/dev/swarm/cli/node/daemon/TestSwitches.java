package dev.swarm.cli.node.daemon;

import dev.swarm.core.model.Node;
import dev.swarm.core.pki.Validity;
import dev.swarm.core.plan.Requests;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.store.Change;
import docker.swarmkit.v1.IssuanceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switches that end-to-end tests set in a daemon's environment, to see in minutes what takes
 * months.
 */
final class TestSwitches {
  private static final Logger LOG = LoggerFactory.getLogger(TestSwitches.class);

  /** How long certificates last: lifetime and backdate, as in {@code PT4M,PT10S}. */
  private static final String VALIDITY = "SWARM_TEST_CERTIFICATE_VALIDITY";

  /** How often all nodes are told to renew at once, as in {@code PT20S}. */
  private static final String ROTATION = "SWARM_TEST_CERTIFICATE_ROTATION";

  private TestSwitches() {}

  static Optional<Validity> certificateValidity() {
    return Optional.ofNullable(System.getenv(VALIDITY))
        .map(text -> text.split(",", 2))
        .map(parts -> new Validity(Duration.parse(parts[0]), Duration.parse(parts[1])));
  }

  /** Begins to rotate certificates if the environment says so; ends with {@code loop}. */
  static void rotateCertificates(Requests requests, EventLoop loop) {
    String period = System.getenv(ROTATION);
    if (period != null) {
      rotateEvery(Duration.parse(period), requests, loop);
    }
  }

  private static void rotateEvery(Duration period, Requests requests, EventLoop loop) {
    loop.schedule(
        period,
        () -> {
          requests
              .submit((draft, context) -> Verdict.accept(rotation(draft.nodes().values()), s -> s))
              .whenComplete((done, failure) -> LOG.info("told all nodes to renew", failure));
          rotateEvery(period, requests, loop);
        });
  }

  private static List<Change> rotation(Iterable<Node> nodes) {
    List<Change> changes = new ArrayList<>();
    for (Node node : nodes) {
      if (node.certificate().getStatus().getState() == IssuanceStatus.State.ISSUED) {
        changes.add(new Change.PutNode(node.askedToRenew()));
      }
    }
    return changes;
  }
}
