package dev.swarm.cli.client.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.FakeDaemon;
import dev.swarm.cli.client.command.CommandRun.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the client says while a service comes to be, and when it stops waiting. */
@Timeout(30)
class ConvergenceTest {
  @TempDir private Path folder;

  private static String service(String name, String mode) {
    return "{'ID':'id-"
        + name
        + "','Version':{'Index':9},'Spec':{'Name':'"
        + name
        + "','TaskTemplate':{'ContainerSpec':{'Image':'bb'}},'Mode':"
        + mode
        + "}"
        + (mode.contains("Job") ? ",'JobStatus':{'JobIteration':{'Index':4}}" : "")
        + "}";
  }

  private static String replicated(int replicas) {
    return "{'Replicated':{'Replicas':" + replicas + "}}";
  }

  private static String task(String id, int slot, String state, String desired, String error) {
    return ("{'ID':'%s','Slot':%d,'NodeID':'n1','CreatedAt':'2026-01-01T00:00:0%s','DesiredState':'%s',"
                + "'JobIteration':{'Index':4},'Status':{'State':'%s','Err':'%s'}}")
        .formatted(id, slot, id.substring(id.length() - 1), desired, state, error);
  }

  /**
   * @param looks what the daemon lists of the tasks, look by look; the last one stays
   */
  private Outcome create(String mode, List<List<String>> looks) throws IOException {
    AtomicInteger look = new AtomicInteger();
    return new CommandRun(
            folder,
            request -> {
              if (request.path().startsWith("/tasks?")) {
                int at = Math.min(look.getAndIncrement(), looks.size() - 1);
                return FakeDaemon.ok("[" + String.join(",", looks.get(at)) + "]");
              }
              if (request.path().equals("/nodes")) {
                return FakeDaemon.ok("[{'ID':'n1','Status':{'State':'ready'}}]");
              }
              if (request.path().startsWith("/services/create")) {
                return FakeDaemon.ok("{'ID':'id-x'}");
              }
              return request.path().startsWith("/services/")
                  ? FakeDaemon.ok(service("x", mode))
                  : FakeDaemon.error(404, "not here");
            })
        .run("service", "create", "--no-resolve-image", "--name", "x", "bb", "false");
  }

  @Test
  void aServiceThatHasEndedWellForGoodIsComplete() throws IOException {
    Outcome outcome =
        create(
            replicated(1),
            List.of(
                List.of(task("t1", 1, "running", "running", "")),
                List.of(task("t1", 1, "complete", "shutdown", ""))));
    assertTrue(outcome.out().endsWith("verify: Service x complete\n"), outcome.out());
    assertEquals(0, outcome.code());
  }

  @Test
  void aServiceThatHasEndedBadlyForGoodSaysWhy() throws IOException {
    Outcome outcome =
        create(
            replicated(2),
            List.of(
                List.of(
                    task("t1", 1, "complete", "shutdown", ""),
                    task("t2", 2, "failed", "shutdown", "task: non-zero exit (1)"))));
    assertEquals(
        "1 of 2 tasks failed, and the restart policy asks for no other try: task: non-zero exit"
            + " (1)\n",
        outcome.err());
    assertEquals(1, outcome.code());
  }

  @Test
  void onePlaceThatHasEndedDoesNotKeepTheOthersFromConverging() throws IOException {
    Outcome outcome =
        create(
            replicated(2),
            List.of(
                List.of(
                    task("t1", 1, "complete", "shutdown", ""),
                    task("t2", 2, "running", "running", ""))));
    assertTrue(outcome.out().endsWith("verify: Service x converged\n"), outcome.out());
    assertEquals(0, outcome.code());
    Outcome bad =
        create(
            replicated(2),
            List.of(
                List.of(
                    task("t1", 1, "rejected", "shutdown", "No such image: bb"),
                    task("t2", 2, "running", "running", ""))));
    assertTrue(bad.err().contains("No such image: bb"), bad.err());
    assertEquals(1, bad.code());
  }

  @Test
  void aJobThatCannotBeCompletedIsOver() throws IOException {
    String mode = "{'ReplicatedJob':{'MaxConcurrent':1,'TotalCompletions':1}}";
    Outcome outcome =
        create(
            mode,
            List.of(
                List.of(task("t1", 0, "running", "complete", "")),
                List.of(task("t1", 0, "failed", "shutdown", "task: non-zero exit (1)"))));
    assertTrue(outcome.err().contains("task: non-zero exit (1)"), outcome.err());
    assertEquals(1, outcome.code());
    Outcome retried =
        create(
            mode,
            List.of(
                List.of(
                    task("t1", 0, "failed", "shutdown", "task: non-zero exit (1)"),
                    task("t2", 0, "pending", "ready", "")),
                List.of(
                    task("t1", 0, "failed", "shutdown", "task: non-zero exit (1)"),
                    task("t2", 0, "complete", "complete", ""))));
    assertTrue(retried.out().endsWith("verify: job complete\n"), retried.out());
    assertEquals(0, retried.code());
  }

  @Test
  void whyATaskFailedIsShownAndAdviceIsGivenOnce() throws IOException {
    String missing = "No such image: bb";
    Outcome outcome =
        create(
            replicated(1),
            List.of(
                List.of(task("t1", 1, "preparing", "running", "")),
                List.of(task("t1", 1, "rejected", "shutdown", missing)),
                List.of(
                    task("t1", 1, "rejected", "shutdown", missing),
                    task("t2", 1, "assigned", "ready", "")),
                List.of(
                    task("t2", 1, "rejected", "shutdown", missing),
                    task("t3", 1, "preparing", "running", "")),
                // The cluster keeps no history; the client remembers what it saw.
                List.of(
                    task("t3", 1, "rejected", "shutdown", missing),
                    task("t4", 1, "assigned", "running", "")),
                List.of(task("t4", 1, "preparing", "running", "")),
                List.of(
                    task("t4", 1, "rejected", "shutdown", missing),
                    task("t5", 1, "assigned", "running", "")),
                List.of(task("t5", 1, "running", "running", ""))));
    assertEquals(
        """
        id-x
        overall progress: 0 out of 1 tasks
        1/1: preparing
        1/1: No such image: bb
        1/1: No such image: bb (tried once)
        1/1: No such image: bb (tried twice)
        1/1: No such image: bb (tried again and again)
        overall progress: 1 out of 1 tasks
        1/1: running
        verify: Waiting 5 seconds to verify that tasks are stable...
        verify: Service x converged
        """,
        outcome.out());
    assertEquals(1, outcome.err().split("again and again", -1).length - 1, outcome.err());
    assertTrue(outcome.err().contains("swarm service ps --no-trunc x"), outcome.err());
    assertEquals(0, outcome.code());
  }

  @Test
  void severalServicesAreWatchedTogether() throws IOException {
    AtomicInteger looks = new AtomicInteger();
    Outcome outcome =
        new CommandRun(
                folder,
                request -> {
                  String path = request.path();
                  if (path.startsWith("/tasks?")) {
                    int look = looks.getAndIncrement();
                    String a = look < 6 ? "preparing" : "running";
                    return FakeDaemon.ok(
                        "["
                            + task("t1", 1, path.contains("id-a") ? a : "running", "running", "")
                            + "]");
                  }
                  if (path.equals("/nodes")) {
                    return FakeDaemon.ok("[{'ID':'n1','Status':{'State':'ready'}}]");
                  }
                  return FakeDaemon.ok(
                      request.method().equals("POST")
                          ? "{}"
                          : service(path.contains("a") ? "a" : "b", replicated(1)));
                })
            .run("service", "scale", "id-a=1", "b=1");
    assertEquals(
        List.of(
            "id-a scaled to 1",
            "b scaled to 1",
            "id-a overall progress: 0 out of 1 tasks",
            "id-a 1/1: preparing",
            "b overall progress: 1 out of 1 tasks",
            "b 1/1: running",
            "b verify: Waiting 5 seconds to verify that tasks are stable...",
            "id-a overall progress: 1 out of 1 tasks",
            "id-a 1/1: running",
            "id-a verify: Waiting 5 seconds to verify that tasks are stable...",
            "b verify: Service b converged",
            "id-a verify: Service id-a converged"),
        outcome.out().lines().toList());
    assertEquals(0, outcome.code());
    assertFalse(outcome.out().contains("Service id-b"), outcome.out());
    long nodes = outcome.requests().stream().filter(r -> r.path().equals("/nodes")).count();
    long rounds =
        outcome.requests().stream().filter(r -> r.path().matches("/tasks.*id-a.*")).count();
    assertTrue(nodes <= rounds, nodes + " lists of nodes in " + rounds + " rounds");
  }

  @Test
  void whoEndsTheWaitIsToldOfWhatIsStillWaitedFor() {
    Convergence.Watched web = new Convergence.Watched("1", "web");
    Convergence.Watched db = new Convergence.Watched("2", "db");
    OpenWaits waits = new OpenWaits(List.of(web, db));
    waits.ended(web);
    assertEquals(
        "\nService db goes on in the background; 'swarm service ps db' shows how it is.\n",
        waits.goesOn());
  }

  /**
   * @param task what the daemon says of the task that the update stopped for
   */
  private Outcome stopped(String state, String what, String task) throws IOException {
    String stopped =
        service("x", replicated(1)).replaceFirst("}$", "")
            + ",'UpdateStatus':{'State':'"
            + state
            + "','Message':'"
            + what
            + " due to failure or early termination of task t7'}}";
    return new CommandRun(
            folder,
            request ->
                switch (request.path().replaceAll("\\?.*", "")) {
                  case "/services/x", "/services/id-x" -> FakeDaemon.ok(stopped);
                  case "/tasks/t7" ->
                      task.isEmpty() ? FakeDaemon.error(404, "gone") : FakeDaemon.ok(task);
                  case "/nodes/n1" -> FakeDaemon.ok("{'Description':{'Hostname':'one'}}");
                  default -> FakeDaemon.ok("{}");
                })
        .run("service", "update", "--force", "x");
  }

  @Test
  void anUpdateThatStoppedSaysWhichTaskWhereAndWhy() throws IOException {
    String task =
        "{'ID':'t7','Slot':2,'NodeID':'n1','Status':{'State':'failed','Err':'task: non-zero exit"
            + " (1)'}}";
    Outcome paused = stopped("paused", "update paused", task);
    assertEquals(
        "service update paused: task x.2 on node one: task: non-zero exit (1)\n"
            + UpdateFailure.advice("x")
            + "\n",
        paused.err());
    assertEquals(1, paused.code());
    assertTrue(UpdateFailure.advice("x").contains("swarm service rollback x"));
    Outcome rollback = stopped("rollback_paused", "rollback paused", task);
    assertTrue(
        rollback.err().startsWith("service rollback paused: task x.2 on node one: "),
        rollback.err());
    assertTrue(
        stopped("paused", "update paused", "")
            .err()
            .startsWith("service update paused: update paused due to failure"));
    String ended = "{'Slot':1,'Status':{'State':'complete','ContainerStatus':{'ExitCode':0}}}";
    assertTrue(
        stopped("paused", "update paused", ended)
            .err()
            .startsWith("service update paused: task x.1: complete, exit code 0\n"));
  }
}
