package dev.swarm.cli.node.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.swarm.cli.http.ApiClient;
import dev.swarm.cli.http.DaemonRejection;
import dev.swarm.cli.http.Endpoint;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.node.daemon.NodesInOneProcess.One;
import dev.swarm.cli.node.engineapi.EngineApiServer;
import dev.swarm.cli.node.engineapi.EngineApiServer.Listen;
import dev.swarm.cli.node.engineapi.routes.LocalNode;
import dev.swarm.host.SystemClock;
import dev.swarm.manager.RandomIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A node with a socket, and the commands that it is given there. */
final class ServedNode implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The commands that nobody can give a sensible answer to but a manager. */
  static final List<String> OF_MANAGERS =
      List.of(
          "GET /swarm",
          "GET /swarm/unlockkey",
          "GET /nodes",
          "GET /nodes/self",
          "GET /services",
          "GET /tasks",
          "GET /secrets",
          "GET /configs",
          "DELETE /nodes/self",
          "POST /nodes/self/update?version=1 {\"Role\":\"manager\",\"Availability\":\"active\"}",
          "POST /swarm/update?version=1 {\"Name\":\"default\"}",
          "POST /swarm/update?version=1&rotateWorkerToken=true {\"Name\":\"default\"}",
          "POST /swarm/update?version=1&rotateManagerToken=true {\"Name\":\"default\"}",
          "POST /swarm/update?version=1&rotateManagerUnlockKey=true {\"Name\":\"default\"}",
          "POST /swarm/update?version=1 {\"EncryptionConfig\":{\"AutoLockManagers\":true}}",
          "POST /swarm/update?version=1 {\"CAConfig\":{\"ForceRotate\":1}}",
          "POST /secrets/create {\"Name\":\"s\",\"Data\":\"eA==\"}",
          "POST /services/create"
              + " {\"Name\":\"x\",\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"i\"}}}");

  static final String INIT = "POST /swarm/init {\"ListenAddr\":\"0.0.0.0:2377\"}";
  static final String FORCE =
      "POST /swarm/init {\"ListenAddr\":\"0.0.0.0:2377\",\"ForceNewCluster\":true}";
  static final String JOIN =
      "POST /swarm/join"
          + " {\"ListenAddr\":\"0.0.0.0:2377\",\"RemoteAddrs\":[\"127.0.0.1:1\"],\"JoinToken\":\"SWMTKN-1-"
          + "0".repeat(50)
          + "-"
          + "0".repeat(25)
          + "\"}";
  static final String LEAVE = "POST /swarm/leave";
  static final String UNLOCK =
      "POST /swarm/unlock {\"UnlockKey\":\"SWMKEY-1-" + "A".repeat(43) + "\"}";

  final One one;
  private final EngineApiServer server;
  private final Path socket;

  ServedNode(One one) throws IOException {
    this.one = one;
    socket = one.options.dataDir().resolveSibling(one.options.hostname() + ".sock");
    server =
        EngineApiServer.start(
            new Listen(List.of(socket), List.of()),
            HostFacts.identity("here"),
            one.node(),
            one.node()::leader,
            new RandomIds(new SecureRandom()),
            new SystemClock(),
            Optional.empty());
  }

  /** Why a command is refused; empty where it succeeds. */
  String says(String command) throws IOException {
    String[] words = command.split(" ", 3);
    String[] path = words[1].substring(1).split("\\?", 2);
    Target target = Target.of(path[0].split("/"));
    if (path.length > 1) {
      for (String pair : path[1].split("&")) {
        target = target.with(pair.split("=")[0], pair.split("=")[1]);
      }
    }
    try (ApiClient client = new ApiClient(Endpoint.parse("unix://" + socket))) {
      JsonNode body = words.length > 2 ? JSON.readTree(words[2]) : null;
      switch (words[0]) {
        case "GET" -> client.get(target);
        case "DELETE" -> client.delete(target);
        default -> client.post(target, body);
      }
      return "";
    } catch (DaemonRejection e) {
      return e.status() + " " + e.getMessage();
    }
  }

  /** A new cluster, with these fields of the request beside the wish to force it. */
  static String forced(String fields) {
    return FORCE.substring(0, FORCE.length() - 1) + "," + fields + "}";
  }

  /**
   * Changes the cluster as it is now, again where its own housekeeping was quicker.
   *
   * @param query what to rotate, empty for nothing
   */
  String updates(String query, String spec) throws IOException {
    while (true) {
      long version = one.cluster().getMeta().getVersion().getIndex();
      String said = says("POST /swarm/update?version=" + version + query + " " + spec);
      if (!said.contains("out of sequence")) {
        return said;
      }
    }
  }

  /** Every command is refused as the table says, and nothing of the node has changed by it. */
  void refuses(Map<String, String> table) throws IOException {
    LocalNode before = one.node().status();
    List<String> files = files();
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, String> row : table.entrySet()) {
      compare(row, says(row.getKey()), wrong);
      assertEquals(before, one.node().status(), row.getKey());
    }
    assertEquals(List.of(), wrong);
    assertEquals(files, files());
  }

  /** The same for what only a leader answers: while nobody leads, each is held for seconds. */
  void refusesAtOnce(Map<String, String> table) throws Exception {
    LocalNode before = one.node().status();
    List<Callable<String>> commands =
        table.keySet().stream().<Callable<String>>map(command -> () -> says(command)).toList();
    List<String> wrong = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Iterator<Future<String>> said = clients.invokeAll(commands).iterator();
      for (Map.Entry<String, String> row : table.entrySet()) {
        compare(row, said.next().get(), wrong);
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(before, one.node().status());
  }

  private static void compare(Map.Entry<String, String> row, String said, List<String> wrong) {
    if (!said.startsWith(row.getValue())) {
      wrong.add(row.getKey() + "\n  wanted: " + row.getValue() + "\n  said:   " + said);
    }
  }

  /** Their names, and what is in those that change only when the membership does. */
  List<String> files() throws IOException {
    Path swarm = one.options.dataDir().resolve("swarm");
    if (!Files.exists(swarm)) {
      return List.of();
    }
    try (var paths = Files.walk(swarm)) {
      List<String> found = new ArrayList<>();
      for (Path path : paths.sorted().filter(Files::isRegularFile).toList()) {
        String name = swarm.relativize(path).toString();
        boolean lasting = name.startsWith("certificates/") || name.equals("join.json");
        if (!name.startsWith("manager/") && !name.endsWith("~")) {
          found.add(lasting ? name + " " + Files.readString(path).hashCode() : name);
        }
      }
      return found;
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
