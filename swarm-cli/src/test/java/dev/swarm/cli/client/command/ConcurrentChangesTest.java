package dev.swarm.cli.client.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.FakeDaemon;
import dev.swarm.cli.client.command.CommandRun.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two clients change one object at the same time: both are heard, or the later one is told. */
@Timeout(30)
class ConcurrentChangesTest {
  @TempDir private Path folder;

  /** A daemon where somebody else changed the object {@code others} times before ours is taken. */
  private Outcome run(int others, IntFunction<String> object, String... words) throws IOException {
    AtomicInteger version = new AtomicInteger(1);
    return new CommandRun(
            folder,
            request -> {
              if (request.method().equals("GET")) {
                return FakeDaemon.ok(object.apply(version.get()));
              }
              if (version.get() <= others) {
                version.incrementAndGet();
                return FakeDaemon.error(
                    500, "rpc error: code = Unknown desc = update out of sequence");
              }
              return request.path().contains("version=" + version.get())
                  ? FakeDaemon.ok("{}")
                  : FakeDaemon.error(400, "another version was meant");
            })
        .run(words);
  }

  private static String service(int version, String labels, int replicas) {
    return ("{'ID':'s1','Version':{'Index':%d},'Spec':{'Name':'web','Labels':%s,'TaskTemplate':"
                + "{'ContainerSpec':{'Image':'bb'},'ForceUpdate':%d},'Mode':{'Replicated':{'Replicas':%d}}}}")
        .formatted(version, labels, version, replicas);
  }

  private static String lastPost(Outcome outcome) {
    return outcome.changes().lines().toList().getLast();
  }

  @Test
  void scaleIsTheLastWordAndKeepsWhatOthersDid() throws IOException {
    Outcome outcome =
        run(
            3,
            version -> service(version, "{'by':'v" + version + "'}", version),
            "service",
            "scale",
            "-d",
            "web=9");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(lastPost(outcome).contains("\"by\":\"v4\""), outcome.changes());
    assertTrue(lastPost(outcome).contains("\"Replicas\":9"), outcome.changes());
  }

  @Test
  void anUpdateIsMadeAnewOnWhatOthersLeft() throws IOException {
    Outcome outcome =
        run(
            2,
            version -> service(version, "{'by':'v" + version + "'}", 1),
            "service",
            "update",
            "-d",
            "--force",
            "--label-add",
            "mine=1",
            "web");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(
        lastPost(outcome).contains("\"Labels\":{\"by\":\"v3\",\"mine\":\"1\"}"), outcome.changes());
    assertTrue(lastPost(outcome).contains("\"ForceUpdate\":4"), outcome.changes());
  }

  @Test
  void whatBothChangedIsNotOverwritten() throws IOException {
    Outcome label =
        run(
            1,
            version -> service(version, "{'by':'v" + version + "'}", 1),
            "service",
            "update",
            "-d",
            "--label-add",
            "by=me",
            "web");
    assertEquals(1, label.code());
    assertEquals(
        "service web was changed by somebody else at the same time (Labels.by): nothing was done;"
            + " look at it and ask again\n",
        label.err());
    Outcome replicas =
        run(
            1,
            version -> service(version, "{}", version),
            "service",
            "update",
            "-d",
            "--replicas",
            "7",
            "web");
    assertTrue(replicas.err().contains("(Mode.Replicated.Replicas)"), replicas.err());
    assertEquals(1, replicas.changes().lines().count());
  }

  @Test
  void aRollbackOfAnotherUpdateIsNotAskedFor() throws IOException {
    Outcome outcome =
        run(1, version -> service(version, "{}", 1), "service", "rollback", "-d", "web");
    assertEquals(1, outcome.code());
    assertTrue(outcome.err().contains("changed by somebody else"), outcome.err());
    assertEquals(1, outcome.changes().lines().count());
  }

  @Test
  void nodesAndTheSwarmAreChangedAlike() throws IOException {
    IntFunction<String> node =
        version ->
            ("{'ID':'n1','Version':{'Index':%d},'Spec':{'Role':'worker','Availability':'active',"
                    + "'Labels':{'by':'v%d'}}}")
                .formatted(version, version);
    Outcome drained = run(2, node, "node", "update", "--availability", "drain", "n1");
    assertEquals(0, drained.code(), drained.err());
    assertTrue(lastPost(drained).contains("\"Availability\":\"drain\",\"Labels\":{\"by\":\"v3\"}"));
    assertEquals(0, run(2, node, "node", "promote", "n1").code());
    IntFunction<String> swarm =
        version ->
            "{'Version':{'Index':" + version + "},'Spec':{'Labels':{'a':'" + version + "'}}}";
    Outcome updated = run(1, swarm, "update", "--task-history-limit", "3");
    assertTrue(lastPost(updated).contains("\"a\":\"2\""), updated.changes());
    assertEquals(0, run(1, swarm, "join-token", "-q", "--rotate", "worker").code());
  }
}
