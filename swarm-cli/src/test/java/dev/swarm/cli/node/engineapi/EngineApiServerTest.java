package dev.swarm.cli.node.engineapi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.swarm.cli.node.engineapi.http.Body;
import dev.swarm.cli.node.engineapi.http.ServerIdentity;
import dev.swarm.cli.node.engineapi.routes.InitRequest;
import dev.swarm.cli.node.engineapi.routes.JoinRequest;
import dev.swarm.cli.node.engineapi.routes.LocalNode;
import dev.swarm.host.SystemClock;
import docker.swarmkit.v1.ClusterSpec;
import docker.swarmkit.v1.CreateServiceRequest;
import docker.swarmkit.v1.ListNodesRequest;
import docker.swarmkit.v1.ListServicesRequest;
import docker.swarmkit.v1.Network;
import docker.swarmkit.v1.Node;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.SubscribeLogsRequest;
import docker.swarmkit.v1.UpdateClusterRequest;
import docker.swarmkit.v1.UpdateNodeRequest;
import docker.swarmkit.v1.UpdateServiceRequest;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineApiServerTest {
  private static final String WEB =
      "{\"Name\":\"web\",\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"busybox\"}}}";
  private static final ServerIdentity IDENTITY =
      new ServerIdentity("0.1.0", 24, 47, "host", "amd64", 2, 1 << 30);

  @TempDir Path directory;
  private final FakeNode node = new FakeNode();
  private FakeLeader leader;
  private EngineApiServer server;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    leader = new FakeLeader(directory.toString());
    client = new RawClient(directory.resolve("api.sock"));
    server = startOn(client.socket());
  }

  private EngineApiServer startOn(Path... sockets) throws IOException {
    return EngineApiServer.start(
        new EngineApiServer.Listen(List.of(sockets), List.of()),
        IDENTITY,
        node,
        leader::channel,
        () -> "abcdefghijklmnopqrstuvwxy",
        new SystemClock(),
        Optional.empty());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    leader.close();
  }

  @Test
  void pingSaysWhatThisIs() throws IOException {
    RawClient.Reply reply = client.get("/_ping");
    assertEquals(200, reply.status());
    assertEquals("OK", reply.text());
    assertEquals("1.47", reply.headers().get("api-version"));
    assertEquals("linux", reply.headers().get("ostype"));
    assertEquals("false", reply.headers().get("docker-experimental"));
    assertEquals("active/manager", reply.headers().get("swarm"));
    assertEquals("Swarm/0.1.0 (linux)", reply.headers().get("server"));
    node.status = LocalNode.inactive();
    RawClient.Reply head = client.send("HEAD", "/v1.30/_ping", "", new byte[0]);
    assertEquals(200, head.status());
    assertEquals("inactive", head.headers().get("swarm"));
    assertEquals("", head.text());
  }

  @Test
  void thisMachineIsKnown() throws IOException {
    ServerIdentity machine = ServerIdentity.ofThisMachine("0.1.0");
    assertTrue(machine.memoryBytes() > 1 << 20);
    assertFalse(machine.hostname().isEmpty());
    assertEquals("1.52", machine.apiVersion());
  }

  @Test
  void versionAndInfoAreThere() throws IOException {
    assertEquals("1.47", client.get("/version").json().path("ApiVersion").textValue());
    var swarm = client.get("/v1.41/info").json().path("Swarm");
    assertEquals("active", swarm.path("LocalNodeState").textValue());
    assertEquals("c1", swarm.at("/Cluster/ID").textValue());
    assertFalse(swarm.path("Cluster").has("JoinTokens"));
    assertEquals("10.0.0.1:2377", swarm.at("/RemoteManagers/0/Addr").textValue());
    node.status = LocalNode.inactive();
    assertEquals("inactive", client.get("/info").json().at("/Swarm/LocalNodeState").textValue());
  }

  @Test
  void aServiceIsCreatedListedAndInspected() throws IOException {
    RawClient.Reply created = client.post("/v1.47/services/create", WEB);
    assertEquals(201, created.status(), created::text);
    assertEquals("id-of-web", created.json().path("ID").textValue());
    var list = client.get("/services?status=true").json();
    assertEquals(2, list.at("/0/ServiceStatus/RunningTasks").intValue());
    assertEquals(
        List.of("container", "process"),
        leader.last(ListServicesRequest.class).getFilters().getRuntimesList());
    var service = client.get("/services/web?insertDefaults=1").json();
    assertEquals(7, service.at("/Version/Index").intValue());
    assertEquals(1, service.at("/Spec/Mode/Replicated/Replicas").intValue());
    assertEquals("busybox", service.at("/Spec/TaskTemplate/ContainerSpec/Image").textValue());
    assertEquals("web", client.get("/services/id-of-w").json().at("/Spec/Name").textValue());
  }

  @Test
  void aProcessIsAGenericRuntime() throws IOException {
    String spec =
        "{\"Name\":\"p\",\"TaskTemplate\":{\"Runtime\":\"process\","
            + "\"ProcessSpec\":{\"Command\":[\"sleep\",\"1\"],\"StopGracePeriod\":5}}}";
    assertEquals(201, client.post("/services/create", spec).status());
    assertEquals(
        "process",
        leader.last(CreateServiceRequest.class).getSpec().getTask().getGeneric().getKind());
    var task = client.get("/services/p").json().at("/Spec/TaskTemplate");
    assertEquals("sleep", task.at("/ProcessSpec/Command/0").textValue());
    assertEquals(5, task.at("/ProcessSpec/StopGracePeriod").intValue());
    assertEquals("process", task.path("Runtime").textValue());
  }

  @Test
  void aServiceWithoutANameGetsOne() throws IOException {
    RawClient.Reply reply = client.post("/services/create", WEB.replace("\"Name\":\"web\",", ""));
    assertEquals(201, reply.status());
    String name = leader.last(CreateServiceRequest.class).getSpec().getAnnotations().getName();
    assertTrue(name.matches("[a-z]+-[a-z]+-vwxy"), name);
  }

  @Test
  void networksAreResolvedAndMustExist() throws IOException {
    Network.Builder network = Network.newBuilder().setId("net1");
    network.getSpecBuilder().getAnnotationsBuilder().setName("front");
    leader.networks.put("net1", network.build());
    String spec =
        "{\"Name\":\"w\",\"TaskTemplate\":{\"ContainerSpec\":{},\"Networks\":[{\"Target\":\"%s\"}]}}";
    assertEquals(201, client.post("/services/create", spec.formatted("front")).status());
    assertEquals(
        "net1",
        leader.last(CreateServiceRequest.class).getSpec().getTask().getNetworks(0).getTarget());
    RawClient.Reply missing = client.post("/services/create", spec.formatted("back"));
    assertEquals(404, missing.status());
    assertEquals("network back not found", missing.message());
    assertEquals("front", client.get("/networks/net1").json().path("Name").textValue());
    assertEquals(
        "net1",
        client
            .get("/networks?filters=%7B%22name%22:%5B%22ron%22%5D%7D")
            .json()
            .at("/0/Id")
            .textValue());
  }

  @Test
  void registryCredentialsTravelAndStay() throws IOException {
    byte[] web = WEB.getBytes(StandardCharsets.UTF_8);
    String json = "Content-Type: application/json\r\n";
    assertEquals(
        201,
        client.send("POST", "/services/create", json + "X-Registry-Auth: abc\r\n", web).status());
    RawClient.Reply updated = client.post("/services/web/update?version=7", WEB);
    assertEquals(200, updated.status(), updated::text);
    var request = leader.last(UpdateServiceRequest.class);
    assertEquals(
        "abc", request.getSpec().getTask().getContainer().getPullOptions().getRegistryAuth());
    assertEquals(UpdateServiceRequest.Rollback.NONE, request.getRollback());
    assertEquals(
        200, client.post("/services/web/update?version=7&rollback=previous", WEB).status());
    assertEquals(
        UpdateServiceRequest.Rollback.PREVIOUS,
        leader.last(UpdateServiceRequest.class).getRollback());
    assertFalse(client.get("/services/web").text().contains("abc"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "{\"name\":null}", "{\"name\":[null]}", "{\"name\":{}}"})
  void filtersOfNothingAreNone(String filters) throws Exception {
    String query = "?filters=" + URLEncoder.encode(filters, StandardCharsets.UTF_8);
    for (String list : List.of("/services", "/nodes", "/networks", "/secrets", "/configs")) {
      assertEquals(client.get(list).text(), client.get(list + query).text(), list);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET  | /nothing | 404 | page not found",
        "GET  | /v1.41/nothing | 404 | page not found",
        "PUT  | /services | 404 | page not found",
        "GET  | /containers/json | 503 | this daemon serves only the swarm part of the API; give it"
            + " an engine's socket with --engine to use containers, images and volumes",
        "GET  | /v1.99/services | 400 | client version 1.99 is too new. Maximum supported API"
            + " version is 1.47",
        "GET  | /v1.9/services | 400 | client version 1.9 is too old. Minimum supported API version"
            + " is 1.24, please upgrade your client to a newer version",
        "GET  | /v1.24/configs | 400 | /configs requires API version 1.30, but the request is of"
            + " version 1.24",
        "GET  | /services/nope | 404 | service nope not found",
        "GET  | /tasks/nope | 404 | task nope not found",
        "GET  | /services?filters=x | 400 | invalid filter: invalid JSON: Unrecognized token 'x':"
            + " was expecting (JSON String, Number, Array, Object or token 'null', 'true' or"
            + " 'false') at line 1 column 1",
        "GET  | /services?filters=%7B%22size%22:%5B%22x%22%5D%7D | 400 | invalid filter 'size',"
            + " must be one of id, label, mode, name, runtime",
        "GET  | /nodes?filters=%7B%22role%22:%5B%22boss%22%5D%7D | 400 | invalid role filter:"
            + " 'boss', must be one of worker, manager",
        "GET  | /services?status=maybe | 400 | invalid value for status: maybe",
        "GET  | /services/x/logs | 400 | must specify at least one of 'stdout' or 'stderr'",
        "GET  | /services/x/logs?stdout=1&tail=-3 | 400 | tail value must be a positive integer or"
            + " \"all\", got '-3'",
        "GET  | /services/x/logs?stdout=1&since=noon | 400 | invalid value for \"since\": 'noon' is"
            + " not a Unix time, seconds.nanoseconds",
      })
  void badRequestsSayWhy(String method, String path, int status, String message)
      throws IOException {
    RawClient.Reply reply = client.send(method, path, "", new byte[0]);
    assertEquals(message, reply.message());
    assertEquals(status, reply.status());
    assertEquals("application/json", reply.headers().get("content-type"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/services/create | {\"Name\" | 400 | invalid JSON: Unexpected end-of-input within/between"
            + " Object entries at line 1 column 8",
        "/services/create | {} {} | 400 | unexpected content after JSON",
        "/services/create | [] | 400 | invalid JSON: expected an object, got a list",
        "/services/create |"
            + " {\"TaskTemplate\":{\"ContainerSpec\":{}},\"Mode\":{\"Replicated\":{\"Replicas\":-1}}}"
            + " | 400 | invalid JSON: Mode.Replicated.Replicas: -1 must not be negative",
        "/services/x/update | {\"TaskTemplate\":{\"ContainerSpec\":{}}} | 400 | invalid service"
            + " version '': the query parameter version must be the version of the service that"
            + " this update is based on",
        "/nodes/x/update?version=1 | {} | 400 | invalid JSON: Role: must be set",
        "/swarm/init | {} | 400 | invalid ListenAddr \"\": invalid empty address",
        "/swarm/init | {\"ListenAddr\":\"0.0.0.0:99999\"} | 400 | invalid ListenAddr"
            + " \"0.0.0.0:99999\": it has no valid port: one is from 1 to 65535",
        "/swarm/init | {\"ListenAddr\":\"a b\"} | 400 | invalid ListenAddr \"a b\": it must be"
            + " an address or an interface's name, optionally with a port",
        "/swarm/init | {\"ListenAddr\":\"eth0\",\"DefaultAddrPool\":[\"10.0.0.0\"]} | 400 | invalid"
            + " CIDR: \"10.0.0.0\" in DefaultAddrPool, expected as in 10.0.0.0/8",
        "/swarm/init | {\"ListenAddr\":\"eth0\",\"Spec\":{\"Name\":\"x\"}} | 400 | swarm spec must"
            + " be named \"default\"",
        "/swarm/init | {\"ListenAddr\":\"eth0\",\"Availability\":\"gone\"} | 400 | invalid JSON:"
            + " Availability: \"gone\" is not one of active, pause, drain",
        "/swarm/join | {\"ListenAddr\":\"eth0\"} | 400 | at least 1 RemoteAddr is required to join",
        "/swarm/update?version=x | {} | 400 | invalid swarm version 'x': the query parameter"
            + " version must be the version of the swarm that this update is based on",
        "/swarm/unlock | {\"UnlockKey\":\"k\"} | 409 | swarm is not locked",
        "/networks/create | {\"Name\":\"n\",\"Driver\":\"bridge\"} | 503 | this daemon serves only"
            + " the swarm part of the API; give it an engine's socket with --engine to use"
            + " containers, images and volumes",
        "/networks/create | {\"Name\":\"host\",\"Driver\":\"overlay\"} | 403 | host is a"
            + " pre-defined network and cannot be created",
      })
  void badBodiesSayWhy(String path, String body, int status, String message) throws IOException {
    RawClient.Reply reply = client.post(path, body);
    assertEquals(message, reply.message());
    assertEquals(status, reply.status());
    assertTrue(node.requests.isEmpty(), "nothing has happened");
  }

  @Test
  void bodiesAreBounded() throws IOException {
    RawClient.Reply reply = client.post("/services/create", " ".repeat(Body.BYTES_MAX + 1));
    assertEquals(413, reply.status());
    assertTrue(reply.message().startsWith("the request body is larger than 4 MiB"));
    String chunked =
        "POST /services/create HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n500000\r\n"
            + " ".repeat(0x50_0000)
            + "\r\n0\r\n\r\n";
    assertEquals(413, client.exchange(chunked.getBytes(StandardCharsets.UTF_8)).status());
    assertEquals(200, client.get("/_ping").status());
  }

  @Test
  void bodiesAreText() throws IOException {
    byte[] latin = "{\"Name\":\"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
    RawClient.Reply reply =
        client.send("POST", "/services/create", "Content-Type: application/json\r\n", latin);
    assertEquals(400, reply.status());
    assertEquals("invalid JSON: the request body is not valid UTF-8 at byte 12", reply.message());
    assertEquals(
        "unsupported Content-Type header (text/plain): must be 'application/json'",
        client.send("POST", "/services/create", "Content-Type: text/plain\r\n", latin).message());
  }

  @Test
  void deepBodiesAreRefused() throws IOException {
    assertEquals(400, client.post("/services/create", "[".repeat(100_000)).status());
    assertEquals(200, client.get("/_ping").status());
  }

  @ParameterizedTest
  @CsvSource({"GARBAGE", "GET /%zz HTTP/1.0", "GET /a/%2e%2e/b HTTP/1.0", "GET / HTTP/9.9"})
  void whatIsNotHttpGetsAMessageToo(String line) throws IOException {
    RawClient.Reply reply =
        client.exchange((line + "\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    assertTrue(reply.status() >= 400 && reply.status() <= 505, reply::text);
    assertTrue(reply.json().path("message").isTextual(), reply::text);
    assertEquals(200, client.get("/_ping").status());
  }

  @Test
  void theLeadersRefusalsArriveWithTheirStatus() throws IOException {
    assertEquals(201, client.post("/services/create", WEB).status());
    RawClient.Reply twice = client.post("/services/create", WEB);
    assertEquals(409, twice.status());
    assertEquals("service web already exists", twice.message());
    RawClient.Reply stale = client.post("/services/web/update?version=6", WEB);
    assertEquals(500, stale.status());
    assertEquals("update out of sequence", stale.message());
    leader.close();
    assertEquals(503, client.get("/services").status());
  }

  @Test
  void aWorkerSaysSoInWordsThatTheCliKnows() throws IOException {
    node.status = FakeNode.WORKER;
    RawClient.Reply worker = client.get("/nodes");
    assertEquals(503, worker.status());
    assertTrue(worker.message().startsWith("This node is not a swarm manager. Worker nodes can't"));
    node.status = LocalNode.inactive();
    assertEquals(
        "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to"
            + " connect this node to swarm and try again.",
        client.get("/swarm").message());
    assertEquals("[]\n", client.get("/networks").text());
  }

  @Test
  void initCarriesWhatTheUserAskedFor() throws IOException {
    node.status = LocalNode.inactive();
    RawClient.Reply reply =
        client.post(
            "/swarm/init",
            "{\"ListenAddr\":\"0.0.0.0:2377\",\"AdvertiseAddr\":\"[::1]:2377\","
                + "\"Availability\":\"drain\",\"Spec\":{\"Raft\":{\"KeepOldSnapshots\":3,"
                + "\"ElectionTick\":0,\"HeartbeatTick\":0}}}");
    assertEquals("\"n1\"\n", reply.text());
    InitRequest request = (InitRequest) node.requests.remove();
    assertEquals("[::1]:2377", request.advertiseAddr());
    assertEquals(NodeSpec.Availability.DRAIN, request.availability());
    ClusterSpec.Builder defaults = ClusterSpec.newBuilder();
    defaults.getRaftBuilder().setSnapshotInterval(9).setHeartbeatTick(1).setElectionTick(10);
    ClusterSpec spec = request.settings().apply(defaults.build());
    assertEquals(3, spec.getRaft().getKeepOldSnapshots());
    assertEquals(9, spec.getRaft().getSnapshotInterval());
    assertEquals(10, spec.getRaft().getElectionTick(), "what clients send as 0 is not said");
    assertEquals(1, spec.getRaft().getHeartbeatTick());
    assertEquals("default", spec.getAnnotations().getName());
    node.status = FakeNode.MANAGER;
    assertEquals(503, client.post("/swarm/init", "{\"ListenAddr\":\"eth0\"}").status());
  }

  @Test
  void joinAndLeaveReachTheNode() throws IOException {
    assertEquals(
        200,
        client
            .post(
                "/swarm/join",
                "{\"ListenAddr\":\"0.0.0.0\",\"RemoteAddrs\":[\"m:2377\"],\"JoinToken\":\"t\"}")
            .status());
    assertEquals(List.of("m:2377"), ((JoinRequest) node.requests.remove()).remoteAddrs());
    assertEquals(200, client.post("/swarm/leave?force=1", "").status());
    assertEquals(true, node.requests.remove());
  }

  @Test
  void clusterSettingsKeepWhatIsNotMentioned() throws IOException {
    var cluster = leader.cluster.toBuilder();
    cluster.getSpecBuilder().getRaftBuilder().setSnapshotInterval(9);
    cluster.getRootCaBuilder().getJoinTokensBuilder().setWorker("SWMTKN-1-w");
    leader.cluster = cluster.build();
    assertEquals("SWMTKN-1-w", client.get("/swarm").json().at("/JoinTokens/Worker").textValue());
    assertEquals(
        200,
        client
            .post(
                "/swarm/update?version=4&rotateWorkerToken=true",
                "{\"Orchestration\":{\"TaskHistoryRetentionLimit\":2}}")
            .status());
    var request = leader.last(UpdateClusterRequest.class);
    assertEquals(4, request.getClusterVersion().getIndex());
    assertTrue(request.getRotation().getWorkerJoinToken());
    assertEquals(9, request.getSpec().getRaft().getSnapshotInterval());
    assertEquals(2, request.getSpec().getOrchestration().getTaskHistoryRetentionLimit());
  }

  @Test
  void nodesAreFoundByNameAndUpdated() throws IOException {
    Node.Builder worker = Node.newBuilder().setId("w1");
    worker.getDescriptionBuilder().setHostname("alpha");
    worker.getSpecBuilder().setMembership(NodeSpec.Membership.ACCEPTED);
    leader.nodes.put("w1", worker.build());
    RawClient.Reply list = client.get("/nodes?filters=%7B%22role%22:%7B%22manager%22:true%7D%7D");
    assertEquals("alpha", list.json().at("/0/Description/Hostname").textValue());
    assertEquals(
        List.of(NodeRole.MANAGER), leader.last(ListNodesRequest.class).getFilters().getRolesList());
  }

  @Test
  void logsComeInFrames() throws IOException {
    assertEquals(201, client.post("/services/create", WEB).status());
    RawClient.Reply reply = client.get("/services/web/logs?stdout=1&stderr=1&tail=5&since=12.5");
    assertEquals("application/vnd.docker.multiplexed-stream", reply.headers().get("content-type"));
    ByteBuffer expected = ByteBuffer.allocate(8 + 6 + 8 + 5);
    expected
        .put((byte) 1)
        .put(new byte[3])
        .putInt(6)
        .put("hello\n".getBytes(StandardCharsets.UTF_8));
    expected
        .put((byte) 2)
        .put(new byte[3])
        .putInt(5)
        .put("oops\n".getBytes(StandardCharsets.UTF_8));
    assertArrayEquals(expected.array(), reply.body().toByteArray());
    var options = leader.last(SubscribeLogsRequest.class).getOptions();
    assertEquals(-6, options.getTail());
    assertEquals(
        Timestamp.newBuilder().setSeconds(12).setNanos(500_000_000).build(), options.getSince());
    String details = client.get("/services/web/logs?stdout=1&details=1&timestamps=1").text();
    assertTrue(
        details.contains(
            "1970-01-01T00:00:00.000000000Z com.docker.swarm.node.id=n1,"
                + "com.docker.swarm.service.id=s1,com.docker.swarm.task.id=t1 hello\n"),
        details);
  }

  @Test
  void aFollowerThatLeavesIsNoticed() throws Exception {
    assertEquals(201, client.post("/services/create", WEB).status());
    SocketChannel channel = client.open();
    RawClient.writeAll(
        channel,
        "GET /services/web/logs?stdout=1&follow=1 HTTP/1.1\r\nHost: x\r\n\r\n"
            .getBytes(StandardCharsets.UTF_8));
    ByteBuffer head = ByteBuffer.allocate(15);
    while (head.hasRemaining()) {
      var _ = channel.read(head);
    }
    assertEquals("HTTP/1.1 200 OK", new String(head.array(), StandardCharsets.UTF_8));
    channel.close();
    assertTrue(leader.followerLeft.await(30, TimeUnit.SECONDS));
  }

  @Test
  void socketsAreGuardedAndStaleOnesReplaced() throws IOException {
    assertEquals(
        "rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(client.socket())));
    IOException taken = assertThrows(IOException.class, () -> startOn(client.socket()));
    assertTrue(String.valueOf(taken.getMessage()).startsWith("another daemon listens on"));
    assertEquals(200, client.get("/_ping").status(), "the first one is unharmed");
    Path stale = directory.resolve("stale.sock");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(stale))
        .close();
    assertTrue(Files.exists(stale));
    Path second = directory.resolve("deeper/second.sock");
    try (EngineApiServer other = startOn(stale, second)) {
      assertTrue(other.tcpPorts().isEmpty());
      assertEquals(200, new RawClient(stale).get("/_ping").status());
      assertEquals(200, new RawClient(second).get("/_ping").status());
    }
    assertFalse(Files.exists(second));
    Path file = Files.writeString(directory.resolve("file"), "precious");
    assertThrows(IOException.class, () -> startOn(file));
    assertEquals("precious", Files.readString(file));
  }

  @Test
  void updatesOfNodesKeepTheirMembership() throws IOException {
    Node.Builder worker = Node.newBuilder().setId("w1");
    worker.getSpecBuilder().setMembership(NodeSpec.Membership.ACCEPTED);
    leader.nodes.put("w1", worker.build());
    RawClient.Reply reply =
        client.post(
            "/nodes/w1/update?version=3", "{\"Role\":\"worker\",\"Availability\":\"drain\"}");
    assertEquals(200, reply.status(), reply::text);
    var request = leader.last(UpdateNodeRequest.class);
    assertEquals(3, request.getNodeVersion().getIndex());
    assertEquals(NodeSpec.Membership.ACCEPTED, request.getSpec().getMembership());
    assertEquals(NodeSpec.Availability.DRAIN, request.getSpec().getAvailability());
  }
}
