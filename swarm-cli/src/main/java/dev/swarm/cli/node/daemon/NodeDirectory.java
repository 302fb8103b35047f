package dev.swarm.cli.node.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.node.engineapi.routes.JoinRequest;
import dev.swarm.cli.node.engineapi.routes.LocalNode;
import dev.swarm.cli.node.identity.IdentityFiles;
import dev.swarm.host.DurableFiles;
import dev.swarm.worker.disk.ForeignTree;
import docker.swarmkit.v1.NodeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Files that a node keeps of its swarm, under {@code swarm/} in its data directory. */
final class NodeDirectory {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String JOIN = "join.json";

  private final Path root;
  private final IdentityFiles identity;

  NodeDirectory(Path dataDir, SecureRandom random) {
    root = dataDir.resolve("swarm");
    identity = new IdentityFiles(root.resolve("certificates"), random);
  }

  /**
   * What the certificate does not say.
   *
   * @param listen host:port of the manager's port
   * @param advertise host:port that others are told
   * @param managers where to look for a manager
   */
  record State(String listen, String advertise, List<LocalNode.Peer> managers) {
    State withManagers(List<LocalNode.Peer> peers) {
      return new State(listen, advertise, List.copyOf(peers));
    }
  }

  IdentityFiles identity() {
    return identity;
  }

  /** The log and its keys; present on a manager. */
  Path manager() {
    return root.resolve("manager");
  }

  /** The tasks of this node. */
  Path worker() {
    return root.resolve("worker");
  }

  Path processes() {
    return root.resolve("processes");
  }

  Path secrets() {
    return root.resolve("secrets");
  }

  void create() throws IOException {
    Files.createDirectories(root);
  }

  Optional<State> state() throws IOException {
    Path file = root.resolve("state.json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonNode json = JSON.readTree(Files.readAllBytes(file));
    List<LocalNode.Peer> managers = new ArrayList<>();
    for (JsonNode peer : json.path("managers")) {
      managers.add(new LocalNode.Peer(peer.path("node_id").asText(), peer.path("addr").asText()));
    }
    return Optional.of(
        new State(json.path("listen").asText(), json.path("advertise").asText(), managers));
  }

  /** What this node asked to join and is not in yet. */
  Optional<JoinRequest> join() throws IOException {
    Path file = root.resolve(JOIN);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonNode json = JSON.readTree(Files.readAllBytes(file));
    List<String> remotes = new ArrayList<>();
    json.path("remotes").forEach(remote -> remotes.add(remote.asText()));
    return Optional.of(
        new JoinRequest(
            json.path("listen").asText(),
            json.path("advertise").asText(),
            json.path("data_path").asText(),
            remotes,
            json.path("token").asText(),
            availability(json.path("availability").asText())));
  }

  private static NodeSpec.Availability availability(String name) {
    return Arrays.stream(NodeSpec.Availability.values())
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElse(NodeSpec.Availability.ACTIVE);
  }

  void storeJoin(JoinRequest request) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("listen", request.listenAddr());
    json.put("advertise", request.advertiseAddr());
    json.put("data_path", request.dataPathAddr());
    request.remoteAddrs().forEach(json.putArray("remotes")::add);
    json.put("token", request.joinToken());
    json.put("availability", request.availability().name());
    write(JOIN, json);
  }

  void forgetJoin() throws IOException {
    Files.deleteIfExists(root.resolve(JOIN));
  }

  void store(State state) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("listen", state.listen());
    json.put("advertise", state.advertise());
    ArrayNode managers = json.putArray("managers");
    for (LocalNode.Peer peer : state.managers()) {
      managers.addObject().put("node_id", peer.nodeId()).put("addr", peer.addr());
    }
    write("state.json", json);
  }

  private void write(String name, ObjectNode json) throws IOException {
    byte[] bytes = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    DurableFiles.replace(root.resolve(name), bytes);
  }

  /** Forgets everything: certificate first, so that a crash half way leaves a node in no swarm. */
  void delete() throws IOException {
    identity().delete();
    ForeignTree.delete(root);
  }

  /** Forgets the cluster's state and its keys, of which a worker keeps nothing. */
  void deleteManager() throws IOException {
    ForeignTree.delete(manager());
  }
}
