package dev.swarm.cli.e2e.stories;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.swarm.cli.e2e.lab.Host;
import dev.swarm.cli.e2e.lab.Journal;
import dev.swarm.cli.e2e.lab.Lab;
import dev.swarm.cli.e2e.lab.NeedsHosts;
import dev.swarm.cli.e2e.lab.Until;
import dev.swarm.cli.hostile.Flood;
import dev.swarm.cli.http.ApiClient;
import dev.swarm.cli.http.DaemonRejection;
import dev.swarm.cli.http.Endpoint;
import dev.swarm.cli.http.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Three managers, a writer at a follower, and a stranger who floods the leader in one way after the
 * other: the cluster is led, and the log has a few lines more. What the flood costs the writer is
 * printed beside what is quiet; the stranger's own work is on the same processors.
 */
@NeedsHosts
final class FloodIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> KINDS =
      List.of("CONNECTIONS", "HANDSHAKES", "RESETS", "SETTINGS", "NOISE", "STREAMS");
  private static final int FLOOD_SECONDS = 6;
  private static final int SAMPLES = 40;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** Wanted at most, of a flood's median and the quiet one's. */
  private static final int RATIO = 2;

  /** Of log that a flood may cost the manager it meets. */
  private static final long LOG_BYTES_MAX = 64 << 10;

  /** Medians of what a follower's client waits for: an answer of the leader, and a commit. */
  private record Waits(Duration answer, Duration write, Duration worstWrite) {}

  private int written;

  @Test
  void strangersCostTheManagersLittle() throws Exception {
    try (Lab lab = Lab.open("flood")) {
      List<Host> managers =
          List.of(lab.host("manager0"), lab.host("manager1"), lab.host("manager2"));
      Host stranger = lab.host("stranger");
      Host leader = managers.getFirst();
      for (Host manager : managers) {
        manager.daemon().start("--engine", "none");
      }
      leader.swarm("init", "--advertise-addr", leader.address()).ok();
      String token = leader.swarm("join-token", "-q", "manager").line();
      for (Host manager : managers.subList(1, 3)) {
        // On a busy machine it goes on in the background.
        manager.swarm("join", "--token", token, leader.address() + ":2377");
      }
      awaitManagers(leader);
      try (ApiClient follower = new ApiClient(Endpoint.parse(managers.get(1).daemon().url()))) {
        lab.journal().step("quiet");
        measure(follower); // for the compilers
        Waits quiet = measure(follower);
        lab.journal().figure("quiet, an answer of the leader", quiet.answer(), quiet.answer());
        lab.journal().figure("quiet, a write", quiet.write(), quiet.write());
        for (String kind : KINDS) {
          lab.journal().step(kind.toLowerCase(Locale.ROOT));
          long log = logBytes(leader);
          Waits flooded = flooded(stranger, leader, kind, follower);
          figures(lab.journal(), kind.toLowerCase(Locale.ROOT), quiet, flooded);
          long grown = logBytes(leader) - log;
          assertTrue(grown <= LOG_BYTES_MAX, kind + " cost " + grown + " bytes of log");
          awaitManagers(leader);
        }
        lab.journal().step("quiet again");
        Waits after = measure(follower);
        figures(lab.journal(), "afterwards", quiet, after);
      }
    }
  }

  private static void figures(Journal journal, String when, Waits quiet, Waits now) {
    journal.figure(
        when + ", an answer of the leader", now.answer(), quiet.answer().multipliedBy(RATIO));
    journal.figure(when + ", a write", now.write(), quiet.write().multipliedBy(RATIO));
    journal.figure(
        when + ", the slowest write", now.worstWrite(), quiet.worstWrite().multipliedBy(RATIO));
  }

  private Waits flooded(Host stranger, Host leader, String kind, ApiClient follower)
      throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
    Path log = stranger.log("flood-" + kind);
    Process flood =
        stranger.start(
            List.of(
                "nice",
                "-n",
                "19",
                java,
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Flood.class.getName(),
                kind,
                leader.address(),
                Integer.toString(FLOOD_SECONDS)),
            Map.of(),
            log);
    Until.holds("the flood has begun", LIMIT, () -> Files.readString(log).contains("begun"));
    Waits waits = measure(follower);
    assertTrue(flood.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS), "the flood ends by itself");
    return waits;
  }

  private Waits measure(ApiClient follower) throws IOException {
    List<Duration> answers = new ArrayList<>();
    List<Duration> writes = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      answers.add(wait(() -> follower.get(Target.of("nodes"))));
      writes.add(
          wait(
              () ->
                  follower.post(
                      Target.of("configs", "create"),
                      JSON.createObjectNode().put("Name", "c" + written++).put("Data", "eA=="))));
    }
    answers.sort(null);
    writes.sort(null);
    return new Waits(answers.get(SAMPLES / 2), writes.get(SAMPLES / 2), writes.getLast());
  }

  private interface Asking {
    Object ask() throws IOException;
  }

  /** Until it is answered well: a refusal while nobody leads is a part of the wait. */
  private static Duration wait(Asking asking) throws IOException {
    long start = System.nanoTime();
    while (true) {
      try {
        asking.ask();
        return Duration.ofNanos(System.nanoTime() - start);
      } catch (DaemonRejection refused) {
        if (System.nanoTime() - start > LIMIT.toNanos()) {
          throw refused;
        }
      }
    }
  }

  /** One leads, and the others are there. */
  private static void awaitManagers(Host asked) {
    Until.holds(
        "three managers",
        LIMIT,
        () -> statuses(asked).equals(List.of("Leader", "Reachable", "Reachable")));
  }

  private static List<String> statuses(Host asked) {
    return asked
        .swarm("node", "ls", "--format", "{{.ManagerStatus}}")
        .ok()
        .lines()
        .filter(line -> !line.isEmpty())
        .sorted()
        .toList();
  }

  private static long logBytes(Host manager) throws IOException {
    return Files.size(manager.log("swarm"));
  }
}
