package dev.swarm.cli.node.engineapi.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.http.Exchange;
import dev.swarm.cli.node.engineapi.http.GrpcErrors;
import dev.swarm.cli.node.engineapi.http.ServerIdentity;
import dev.swarm.cli.node.engineapi.json.ClusterShapes;
import dev.swarm.cli.node.engineapi.proxy.EngineFacts;
import dev.swarm.cli.node.engineapi.proxy.InnerEngine;
import dev.swarm.cli.node.engineapi.proxy.Versions;
import docker.swarmkit.v1.ListClustersResponse;
import docker.swarmkit.v1.ListNodesRequest;
import docker.swarmkit.v1.Node;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Routes {@code /_ping}, {@code /version} and {@code /info}. */
final class SystemRoutes {
  private final Versions versions;
  private final LocalMembership node;
  private final SwarmClient swarm;
  private final Optional<InnerEngine> engine;
  private final List<String> open;

  /**
   * @param open addresses, host and port, at which everybody is let in
   */
  SystemRoutes(
      Versions versions,
      LocalMembership node,
      SwarmClient swarm,
      Optional<InnerEngine> engine,
      List<String> open) {
    this.versions = versions;
    this.node = node;
    this.swarm = swarm;
    this.engine = engine;
    this.open = List.copyOf(open);
  }

  void ping(Exchange exchange) throws IOException {
    pingHeaders(exchange);
    exchange.reply(200, "OK".getBytes(StandardCharsets.UTF_8));
  }

  void pingHead(Exchange exchange) throws IOException {
    pingHeaders(exchange);
    exchange.reply(200);
  }

  private void pingHeaders(Exchange exchange) {
    exchange.setHeader("Content-Type", "text/plain; charset=utf-8");
    exchange.setHeader("Cache-Control", "no-cache, no-store, must-revalidate");
    exchange.setHeader("Pragma", "no-cache");
    exchange.setHeader("Swarm", swarmStatus(node.status()));
    versions.facts().ifPresent(facts -> copyHeaders(facts, exchange));
  }

  /** Clients choose how to build, and for which platform, by these. */
  private static void copyHeaders(EngineFacts facts, Exchange exchange) {
    for (String name : List.of("Builder-Version", "Docker-Experimental", "Ostype")) {
      String value = facts.ping().get(name.toLowerCase(Locale.ROOT));
      if (value != null) {
        exchange.setHeader(name, value);
      }
    }
  }

  private static String swarmStatus(LocalNode status) {
    String state = status.state().name().toLowerCase(Locale.ROOT);
    if (status.state() != LocalNode.State.ACTIVE) {
      return state;
    }
    return state + (status.manager() ? "/manager" : "/worker");
  }

  /** The engine's reply, with this program among its components, or this program alone. */
  void version(Exchange exchange) throws IOException {
    ServerIdentity advertised = versions.advertised();
    ObjectNode out =
        versions
            .facts()
            .filter(facts -> facts.version().isObject())
            .map(facts -> (ObjectNode) facts.version().deepCopy())
            .orElseGet(() -> bareVersion(advertised));
    apiVersions(advertised, out);
    for (JsonNode component : out.withArray("Components")) {
      if (component.path("Details") instanceof ObjectNode details && details.has("ApiVersion")) {
        apiVersions(advertised, details);
      }
    }
    ObjectNode own = out.withArray("Components").addObject();
    own.put("Name", "Swarm").put("Version", advertised.program());
    versionDetails(advertised, own.putObject("Details"));
    exchange.reply(200, out);
  }

  private static ObjectNode bareVersion(ServerIdentity identity) {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    out.putObject("Platform").put("Name", "Swarm");
    ObjectNode component = out.putArray("Components").addObject();
    component.put("Name", "Engine").put("Version", identity.program());
    versionDetails(identity, component.putObject("Details"));
    out.put("Version", identity.program());
    versionDetails(identity, out);
    return out;
  }

  private static void versionDetails(ServerIdentity identity, ObjectNode out) {
    apiVersions(identity, out);
    out.put("Os", "linux");
    out.put("Arch", identity.arch());
  }

  private static void apiVersions(ServerIdentity identity, ObjectNode out) {
    out.put("ApiVersion", identity.apiVersion());
    out.put("MinAPIVersion", identity.minApiVersion());
  }

  void info(Exchange exchange) throws IOException {
    LocalNode status = node.status();
    ObjectNode out =
        engine.map(inner -> engineInfo(inner, exchange)).orElseGet(() -> bareInfo(status));
    ObjectNode swarmBlock = swarmInfo(status);
    out.set("Swarm", swarmBlock);
    List<String> ours = new ArrayList<>();
    open.forEach(address -> ours.add(warning(address)));
    swarmBlock.path("Warnings").forEach(warning -> ours.add(warning.asText()));
    if (!ours.isEmpty()) {
      // An engine that warns of nothing says null.
      ArrayNode warnings =
          out.path("Warnings") instanceof ArrayNode own ? own : out.putArray("Warnings");
      ours.forEach(warnings::add);
    }
    exchange.reply(200, out);
  }

  private static String warning(String address) {
    return "WARNING: http://%s takes every caller, and nothing sent there is encrypted.\n"
            .formatted(address)
        + "         Access to the remote API is equivalent to root access on this host: start the"
        + " daemon\n         with --tlsverify, or without that --host.";
  }

  private static ObjectNode engineInfo(InnerEngine engine, Exchange exchange) {
    if (engine.get(exchange.target()) instanceof ObjectNode info) {
      return info;
    }
    throw ApiRejection.unavailable("the engine behind this daemon gives no information");
  }

  /** Enough of an engine's info that clients which expect one can print it. */
  private ObjectNode bareInfo(LocalNode status) {
    ServerIdentity identity = versions.advertised();
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    out.put("ID", status.nodeId());
    for (String count :
        List.of(
            "Containers", "ContainersRunning", "ContainersPaused", "ContainersStopped", "Images")) {
      out.put(count, 0);
    }
    out.put("Driver", "");
    out.putNull("DriverStatus");
    ObjectNode plugins = out.putObject("Plugins");
    List.of("Volume", "Network", "Authorization", "Log").forEach(plugins::putNull);
    out.put("OperatingSystem", "Linux");
    out.put("OSType", "linux");
    out.put("Architecture", identity.arch());
    out.put("NCPU", identity.processors());
    out.put("MemTotal", identity.memoryBytes());
    out.put("Name", identity.hostname());
    out.putArray("Labels");
    out.put("ExperimentalBuild", false);
    out.put("ServerVersion", identity.program());
    out.putNull("Warnings");
    return out;
  }

  private ObjectNode swarmInfo(LocalNode status) {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    out.put("NodeID", status.nodeId());
    out.put("NodeAddr", status.nodeAddr());
    out.put("LocalNodeState", status.state().name().toLowerCase(Locale.ROOT));
    out.put("ControlAvailable", status.controlAvailable());
    out.put("Error", status.error());
    peers(status, out);
    if (status.controlAvailable()) {
      try {
        clusterInfo(out);
      } catch (StatusRuntimeException e) {
        out.put("Error", GrpcErrors.rejection(e).sentence());
      } catch (ApiRejection e) {
        out.put("Error", e.sentence());
      }
    }
    return out;
  }

  private static void peers(LocalNode status, ObjectNode out) {
    if (status.remoteManagers().isEmpty()) {
      out.putNull("RemoteManagers");
      return;
    }
    ArrayNode peers = out.putArray("RemoteManagers");
    status
        .remoteManagers()
        .forEach(peer -> peers.addObject().put("NodeID", peer.nodeId()).put("Addr", peer.addr()));
  }

  private void clusterInfo(ObjectNode out) {
    ListClustersResponse told = swarm.clusters();
    out.set("Cluster", ClusterShapes.CLUSTER_INFO.write(SwarmClient.cluster(told)));
    List<Node> nodes =
        swarm.control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList();
    long managers = nodes.stream().filter(Node::hasManagerStatus).count();
    out.put("Nodes", nodes.size());
    out.put("Managers", managers);
    List<String> warnings =
        new ArrayList<>(told.getSetAsideList().stream().map(SystemRoutes::setAside).toList());
    if (managers == 2) {
      warnings.add(
          "WARNING: Running Swarm in a two-manager configuration. This configuration provides\n"
              + "         no fault tolerance, and poses a high risk to lose control over the"
              + " cluster.");
    }
    if (!warnings.isEmpty()) {
      warnings.forEach(out.putArray("Warnings")::add);
    }
  }

  private static String setAside(String what) {
    return "WARNING: "
        + what
        + ": set aside after a fault in the program. Everything else goes on. It is tried again by"
        + " itself, and when it changes; the log of the leader's daemon has the details.";
  }
}
