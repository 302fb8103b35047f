package dev.swarm.cli.node.engineapi.routes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.http.Exchange;
import dev.swarm.cli.node.engineapi.json.ClusterShapes;
import dev.swarm.cli.node.engineapi.json.EnumNames;
import dev.swarm.cli.node.engineapi.json.JsonIn;
import dev.swarm.cli.node.engineapi.json.Scalar;
import docker.swarmkit.v1.Cluster;
import docker.swarmkit.v1.ClusterSpec;
import docker.swarmkit.v1.KeyRotation;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.RaftConfig;
import docker.swarmkit.v1.UpdateClusterRequest;
import docker.swarmkit.v1.Version;
import java.io.IOException;
import java.util.List;

/** Routes under {@code /swarm}: this node's membership, and the cluster's settings. */
final class SwarmRoutes {
  private static final String CLUSTER_NAME = "default";
  private static final EnumNames AVAILABILITIES =
      EnumNames.of(NodeSpec.Availability.getDescriptor());

  private final SwarmClient swarm;
  private final LocalMembership node;

  SwarmRoutes(SwarmClient swarm, LocalMembership node) {
    this.swarm = swarm;
    this.node = node;
  }

  void inspect(Exchange exchange) throws IOException {
    exchange.reply(200, ClusterShapes.SWARM.write(swarm.cluster()));
  }

  void init(Exchange exchange) throws IOException {
    JsonIn body = exchange.body();
    JsonIn.Members in = body.members();
    List<String> pool = strings(in, "DefaultAddrPool");
    int subnetSize = number(in, "SubnetSize", Scalar.COUNT);
    AddressRules.requirePool(pool, subnetSize);
    int dataPathPort = number(in, "DataPathPort", Scalar.COUNT);
    AddressRules.requireDataPathPort(dataPathPort);
    // Read once now, so that a mistake is found before anything has happened.
    var _ = settings(in, ClusterSpec.getDefaultInstance());
    String id =
        node.init(
            new InitRequest(
                AddressRules.require("ListenAddr", text(in, "ListenAddr")),
                AddressRules.specific(
                    "AdvertiseAddr", "advertise address", text(in, "AdvertiseAddr")),
                AddressRules.specific(
                    "DataPathAddr", "data path address", text(in, "DataPathAddr")),
                dataPathPort,
                flag(in, "ForceNewCluster"),
                defaults -> settings(in, defaults),
                flag(in, "AutoLockManagers"),
                availability(in),
                pool,
                subnetSize));
    exchange.reply(200, TextNode.valueOf(id));
  }

  private static ClusterSpec settings(JsonIn.Members in, ClusterSpec defaults) {
    ClusterSpec.Builder spec = defaults.toBuilder();
    in.get("Spec").ifPresent(json -> ClusterShapes.CLUSTER_SPEC.merge(json, spec));
    keepUnsaid(spec, defaults.getRaft());
    return named(spec);
  }

  /** Clients send zero for what their user did not say, and no log could work with it. */
  private static void keepUnsaid(ClusterSpec.Builder spec, RaftConfig before) {
    RaftConfig.Builder raft = spec.getRaftBuilder();
    if (raft.getElectionTick() == 0) {
      raft.setElectionTick(before.getElectionTick());
    }
    if (raft.getHeartbeatTick() == 0) {
      raft.setHeartbeatTick(before.getHeartbeatTick());
    }
    if (raft.getSnapshotInterval() == 0) {
      raft.setSnapshotInterval(before.getSnapshotInterval());
    }
  }

  private static ClusterSpec named(ClusterSpec.Builder spec) {
    String name = spec.getAnnotations().getName();
    if (!name.isEmpty() && !name.equals(CLUSTER_NAME)) {
      throw ApiRejection.badRequest("swarm spec must be named \"" + CLUSTER_NAME + "\"");
    }
    spec.getAnnotationsBuilder().setName(CLUSTER_NAME);
    return spec.build();
  }

  void join(Exchange exchange) throws IOException {
    JsonIn.Members in = exchange.body().members();
    List<String> remotes = strings(in, "RemoteAddrs");
    if (remotes.isEmpty()) {
      throw ApiRejection.badRequest("at least 1 RemoteAddr is required to join");
    }
    remotes.forEach(remote -> AddressRules.require("RemoteAddrs", remote));
    String token = text(in, "JoinToken");
    node.join(
        new JoinRequest(
            AddressRules.require("ListenAddr", text(in, "ListenAddr")),
            AddressRules.specific("AdvertiseAddr", "advertise address", text(in, "AdvertiseAddr")),
            AddressRules.specific("DataPathAddr", "data path address", text(in, "DataPathAddr")),
            remotes,
            token,
            availability(in)));
    exchange.reply(200);
  }

  void leave(Exchange exchange) throws IOException {
    node.leave(exchange.flag("force"));
    exchange.reply(200);
  }

  void update(Exchange exchange) throws IOException {
    JsonIn body = exchange.body();
    long version = exchange.objectVersion("swarm");
    KeyRotation rotation =
        KeyRotation.newBuilder()
            .setWorkerJoinToken(exchange.strictFlag("rotateWorkerToken"))
            .setManagerJoinToken(exchange.strictFlag("rotateManagerToken"))
            .setManagerUnlockKey(exchange.strictFlag("rotateManagerUnlockKey"))
            .build();
    Cluster cluster = swarm.cluster();
    ClusterSpec.Builder spec = cluster.getSpec().toBuilder();
    ClusterShapes.CLUSTER_SPEC.merge(body, spec);
    keepUnsaid(spec, cluster.getSpec().getRaft());
    exchange.noteUnknown(body);
    swarm
        .control()
        .updateCluster(
            UpdateClusterRequest.newBuilder()
                .setClusterId(cluster.getId())
                .setClusterVersion(Version.newBuilder().setIndex(version))
                .setSpec(named(spec))
                .setRotation(rotation)
                .build());
    exchange.reply(200);
  }

  void unlockKey(Exchange exchange) throws IOException {
    node.managerStatus().requireManager();
    exchange.reply(200, JsonNodeFactory.instance.objectNode().put("UnlockKey", node.unlockKey()));
  }

  void unlock(Exchange exchange) throws IOException {
    node.unlock(text(exchange.body().members(), "UnlockKey"));
    exchange.reply(200);
  }

  private static NodeSpec.Availability availability(JsonIn.Members in) {
    return in.get("Availability")
        .map(value -> ((EnumValueDescriptor) AVAILABILITIES.read(value)).getNumber())
        .map(NodeSpec.Availability::forNumber)
        .orElse(NodeSpec.Availability.ACTIVE);
  }

  private static String text(JsonIn.Members in, String name) {
    return in.get(name).map(value -> (String) Scalar.STRING.read(value)).orElse("");
  }

  private static boolean flag(JsonIn.Members in, String name) {
    return in.get(name).map(value -> (Boolean) Scalar.BOOL.read(value)).orElse(false);
  }

  private static int number(JsonIn.Members in, String name, Scalar type) {
    return in.get(name).map(value -> (Integer) type.read(value)).orElse(0);
  }

  private static List<String> strings(JsonIn.Members in, String name) {
    return in.get(name)
        .map(
            list ->
                list.elements().stream()
                    .filter(each -> !each.isNull())
                    .map(each -> (String) Scalar.STRING.read(each))
                    .toList())
        .orElse(List.of());
  }
}
