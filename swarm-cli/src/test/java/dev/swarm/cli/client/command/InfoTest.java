package dev.swarm.cli.client.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.FakeDaemon;
import dev.swarm.cli.client.command.CommandRun.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node says of itself, and of a swarm that it is not quite in. */
class InfoTest {
  private static final String MANAGER =
      "{'Name':'one','Warnings':['See docker info'],'Swarm':{'NodeID':'n1','NodeAddr':'10.0.0.1',"
          + "'LocalNodeState':'active','ControlAvailable':true,'Error':'','RemoteManagers':["
          + "{'NodeID':'n1','Addr':'10.0.0.1:2377'},{'NodeID':'n2','Addr':'10.0.0.2:2377'}],"
          + "'Nodes':3,'Managers':2,'Cluster':{'ID':'c1','CreatedAt':'2026-01-01T00:00:00Z',"
          + "'DefaultAddrPool':['10.0.0.0/8'],'SubnetSize':24,'DataPathPort':4789,"
          + "'RootRotationInProgress':false,'Spec':{'Orchestration':{'TaskHistoryRetentionLimit':5},"
          + "'Raft':{'SnapshotInterval':10000,'KeepOldSnapshots':2},"
          + "'Dispatcher':{'HeartbeatPeriod':5000000000},'CAConfig':{'NodeCertExpiry':7776000000000000},"
          + "'EncryptionConfig':{'AutoLockManagers':true}}}}}";
  private static final String PENDING =
      "{'Name':'one','Swarm':{'NodeID':'','LocalNodeState':'pending',"
          + "'Error':'nobody answers at 10.0.0.9:2377','RemoteManagers':null}}";

  @TempDir private Path folder;

  private Outcome run(String info, String... words) throws IOException {
    return new CommandRun(
            folder,
            request ->
                request.path().equals("/info")
                    ? FakeDaemon.ok(info)
                    : FakeDaemon.error(
                        503,
                        "This node is already part of a swarm. Use \\\"docker swarm leave\\\" to"
                            + " leave this swarm and join another one."))
        .run(words);
  }

  @Test
  void aManagerTellsOfNodeAndSwarm() throws IOException {
    assertEquals(
        """
        Node:
         State:                 active
         Name:                  one
         ID:                    n1
         Role:                  manager
         Address:               10.0.0.1
         Managers at:           10.0.0.1:2377, 10.0.0.2:2377
        Swarm:
         ID:                    c1
         Created:               2026-01-01 00:00:00 +0000 utc
         Nodes:                 3, 2 of them managers
         Address pool:          10.0.0.0/8, cut into subnets of /24
         Data path port:        4789
         Task history:          5
         Snapshots:             every 10000 log entries; beside the newest, 2 old ones are kept
         Heartbeat:             depends on the swarm's size
         Certificates last:     3 months
         Root rotation:         none
         Autolock:              on
        Warnings:
         See swarm info
        """,
        run(MANAGER, "info").out());
  }

  @Test
  void templatesAndJsonGetTheDaemonsWholeAnswer() throws IOException {
    assertEquals(
        "active 3\n",
        run(MANAGER, "info", "--format", "{{.Swarm.LocalNodeState}} {{.Swarm.Nodes}}").out());
    assertTrue(run(MANAGER, "info", "-f", "json").out().startsWith("{\"Name\":\"one\","));
  }

  @Test
  void aNodeOnItsWaySaysSo() throws IOException {
    Outcome outcome = run(PENDING, "info");
    assertTrue(
        outcome.out().contains(" State:                 pending (on its way"), outcome.out());
    assertTrue(outcome.out().contains("Error:                 nobody answers at 10.0.0.9:2377"));
    assertFalse(outcome.out().contains("Swarm:"), outcome.out());
  }

  @Test
  void onlyAMemberIsAlreadyPartOfASwarm() throws IOException {
    String told =
        "this node is on its way into a swarm already (nobody answers at 10.0.0.9:2377): 'swarm"
            + " info' shows how far it is, 'swarm leave' gives up\n";
    assertEquals(told, run(PENDING, "init").err());
    assertEquals(told, run(PENDING, "join", "--token", "t", "10.0.0.9:2377").err());
    assertEquals(
        "Error response from daemon: This node is already part of a swarm. Use \"swarm leave\" to"
            + " leave this swarm and join another one.\n",
        run(MANAGER, "init").err());
  }

  @Test
  void aJoinThatNobodyAnswersSaysWhatItHeard() throws IOException {
    Outcome outcome =
        new CommandRun(
                folder,
                request ->
                    request.path().equals("/info")
                        ? FakeDaemon.ok(PENDING)
                        : FakeDaemon.error(
                            503,
                            "Timeout was reached before node joined. The attempt to join the swarm"
                                + " will continue in the background."))
            .run("join", "--token", "t", "10.0.0.9:2377");
    assertEquals(
        "this node was not let in yet (nobody answers at 10.0.0.9:2377), and goes on trying in the"
            + " background: 'swarm info' shows how far it is, 'swarm leave' gives up\n",
        outcome.err());
    assertEquals(1, outcome.code());
  }

  @Test
  void emptyReferencesAreNotSent() throws IOException {
    for (String line :
        List.of(
            "service rm",
            "service inspect",
            "node inspect",
            "node ps",
            "network rm",
            "secret rm",
            "config inspect",
            "stack rm",
            "service create",
            "join")) {
      List<String> words = new ArrayList<>(List.of(line.split(" ")));
      words.add("");
      Outcome outcome = run(MANAGER, words.toArray(String[]::new));
      assertEquals(1, outcome.code(), line);
      assertTrue(outcome.err().contains(", and one is empty"), outcome.err());
      assertTrue(outcome.requests().isEmpty(), line);
    }
    Outcome name = run(MANAGER, "service", "create", "--name", "", "bb");
    assertTrue(name.err().startsWith("swarm: --name cannot be empty\n"), name.err());
    assertEquals(1, name.code());
    assertTrue(name.requests().isEmpty());
    assertEquals(1, run(MANAGER, "service", "update", "--image=", "web").code());
    assertEquals(1, run(MANAGER, "service", "update", "--network-rm=", "web").code());
  }
}
