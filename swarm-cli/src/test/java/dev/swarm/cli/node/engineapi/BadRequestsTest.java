package dev.swarm.cli.node.engineapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.node.engineapi.http.ServerIdentity;
import dev.swarm.host.SystemClock;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of the API, told something wrong: a status that says whose mistake, and why. */
class BadRequestsTest {
  /**
   * The operation, what is asked of it, the status, and a part of the message. Where an operation
   * has nothing that could be wrong, it is asked in a version of the API that there is not.
   */
  private static final String OURS =
      """
      GET /swarm | /v1.9/swarm | | 400 | client version 1.9 is too old
      POST /swarm/init | /swarm/init | {"ListenAddr":"0.0.0.0","SubnetSize":-1} | 400 | SubnetSize
      POST /swarm/init | /swarm/init | {"ListenAddr":7} | 400 | ListenAddr: expected a string
      POST /swarm/join | /swarm/join | {"RemoteAddrs":"m1:2377"} | 400 | RemoteAddrs: expected a list
      POST /swarm/join | /swarm/join | {"ListenAddr":"eth0","RemoteAddrs":["a b"],"JoinToken":"t"} | 400 | RemoteAddrs
      POST /swarm/leave | /v1.99/swarm/leave | | 400 | client version 1.99 is too new
      POST /swarm/update | /swarm/update?version=-1 | {} | 400 | invalid swarm version '-1'
      POST /swarm/update | /swarm/update?version=1 | {"Name":"other"} | 400 | swarm spec must be named
      POST /swarm/update | /swarm/update?version=1&rotateWorkerToken=maybe | {} | 400 | invalid value for rotateWorkerToken: maybe
      POST /swarm/update | /swarm/update?version=1 | {"Raft":{"SnapshotInterval":"often"}} | 400 | Raft.SnapshotInterval: expected a whole number
      GET /swarm/unlockkey | /v1.9/swarm/unlockkey | | 400 | client version 1.9 is too old
      POST /swarm/unlock | /swarm/unlock | {"UnlockKey":["k"]} | 400 | UnlockKey: expected a string
      GET /nodes | /nodes?filters={"color":["red"]} | | 400 | invalid filter 'color'
      GET /nodes/{id} | /nodes/nope | | 404 | node nope not found
      DELETE /nodes/{id} | /nodes/nope | | 404 | node nope not found
      DELETE /nodes/{id} | /nodes/NODE | | 400 | NODE
      POST /nodes/{id}/update | /nodes/NODE/update?version=1 | {"Role":"boss"} | 400 | "boss" is not one of
      POST /nodes/{id}/update | /nodes/nope/update?version=1 | {"Role":"worker","Availability":"active"} | 404 | node nope not found
      GET /services | /services?filters={"mode":"global"} | | 400 | invalid filter 'mode'
      POST /services/create | /services/create | {"Name":"a b","TaskTemplate":{"ContainerSpec":{"Image":"busybox"}}} | 400 | name
      POST /services/create | /services/create | {"Name":"web","TaskTemplate":{"ContainerSpec":{"Image":"Not An Image"}}} | 400 | Not An Image
      POST /services/create | /services/create | {"Name":"web"} | 400 | TaskTemplate
      POST /services/create | /services/create | {"Name":"web","TaskTemplate":{"ContainerSpec":{"Image":"b"},"Networks":[{"Target":"nope"}]}} | 404 | network nope not found
      POST /services/create | /services/create | {"Name":"web","TaskTemplate":{"ContainerSpec":{"Image":"b"}},"Mode":{"Replicated":{"Replicas":18446744073709551615}}} | 400 | replicas
      POST /services/create | /services/create | {"Name":"taken","TaskTemplate":{"ContainerSpec":{"Image":"b"}}} | 409 | taken
      GET /services/{id} | /services/nope | | 404 | service nope not found
      GET /services/{id} | /services/taken?insertDefaults=perhaps | | 400 | invalid value for insertDefaults
      DELETE /services/{id} | /services/nope | | 404 | service nope not found
      POST /services/{id}/update | /services/nope/update?version=1 | {"TaskTemplate":{"ContainerSpec":{"Image":"b"}}} | 404 | service nope not found
      POST /services/{id}/update | /services/taken/update?version=new | {"TaskTemplate":{"ContainerSpec":{"Image":"b"}}} | 400 | invalid service version 'new'
      POST /services/{id}/update | /services/taken/update?version=1&rollback=all | {"TaskTemplate":{"ContainerSpec":{"Image":"b"}}} | 400 | unrecognized rollback option all
      GET /services/{id}/logs | /services/taken/logs | | 400 | at least one of 'stdout' or 'stderr'
      GET /services/{id}/logs | /services/nope/logs?stdout=1 | | 404 | service nope not found
      GET /tasks | /tasks?filters={"desired-state":["flying"]} | | 400 | invalid desired-state filter: 'flying'
      GET /tasks | /tasks?filters={"service":["nope"]} | | 404 | service nope not found
      GET /tasks/{id} | /tasks/nope | | 404 | task nope not found
      GET /tasks/{id}/logs | /tasks/nope/logs?stdout=1 | | 404 | task nope not found
      GET /tasks/{id}/logs | /tasks/nope/logs?stdout=1&tail=some | | 400 | tail value must be
      GET /secrets | /secrets?filters=[] | | 400 | invalid filter: must be a JSON object
      POST /secrets/create | /secrets/create | {"Name":"s","Data":"!"} | 400 | Data: is not base64
      POST /secrets/create | /secrets/create | {"Name":"s"} | 400 | secret
      GET /secrets/{id} | /secrets/nope | | 404 | secret nope not found
      DELETE /secrets/{id} | /secrets/nope | | 404 | secret nope not found
      POST /secrets/{id}/update | /secrets/nope/update?version=1 | {"Name":"s"} | 404 | secret nope not found
      POST /secrets/{id}/update | /secrets/nope/update | {"Name":"s"} | 400 | invalid secret version ''
      GET /configs | /configs?filters={"id":[7]} | | 400 | invalid filter 'id'
      POST /configs/create | /configs/create | {"Name":"c","Data":7} | 400 | Data: expected a string
      POST /configs/create | /configs/create | {"Name":"","Data":"eA=="} | 400 | name
      GET /configs/{id} | /configs/nope | | 404 | config nope not found
      DELETE /configs/{id} | /configs/nope | | 404 | config nope not found
      POST /configs/{id}/update | /configs/nope/update?version=1 | {"Name":"c"} | 404 | config nope not found
      GET /networks | /networks?filters={"size":["big"]} | | 400 | invalid filter 'size'
      GET /networks/{id} | /networks/nope | | 404 | network nope not found
      DELETE /networks/{id} | /networks/nope | | 404 | network nope not found
      POST /networks/create | /networks/create | {"Name":"n","Driver":"overlay","IPAM":{"Config":[{"Subnet":"ten"}]}} | 400 | ten
      POST /networks/create | /networks/create | {"Name":"","Driver":"overlay"} | 400 | name
      POST /networks/prune | /networks/prune?filters={"size":["big"]} | | 400 | invalid filter 'size'
      GET /info | /v1.9/info | | 400 | client version 1.9 is too old
      GET /version | /v1.99/version | | 400 | client version 1.99 is too new
      GET /_ping | /v1.99/_ping | | 400 | client version 1.99 is too new
      GET /events | /events?since=noon | | 400 | invalid value for "since"
      GET /events | /events?since=9&until=8 | | 400 | `since` time cannot be after `until` time
      GET /events | /events?filters=7 | | 400 | invalid filter: must be a JSON object
      """;

  /** What an engine is asked, which knows what is wrong with it. */
  private static final String THE_ENGINES =
      """
      POST /networks/{id}/connect | /networks/nope/connect | {"Container":7}
      POST /networks/{id}/disconnect | /networks/nope/disconnect | {"Container":7}
      POST /containers/create | /containers/create?name=x | {"HostConfig":{"NetworkMode":""},"Image":7}
      GET /volumes | /volumes?filters=x |
      POST /volumes/create | /volumes/create | {"Driver":7}
      GET /volumes/{name} | /volumes/no%20such |
      PUT /volumes/{name} | /volumes/nope?version=x | {}
      DELETE /volumes/{name} | /volumes/nope |
      POST /volumes/prune | /volumes/prune?filters=x |
      """;

  record Row(String operation, String target, String body, int status, String words) {
    static Row of(String line) {
      List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
      return new Row(
          cells.get(0),
          cells.get(1),
          cells.get(2),
          cells.size() > 3 ? Integer.parseInt(cells.get(3)) : 400,
          cells.size() > 4 ? cells.get(4) : "");
    }

    String method() {
      return operation.substring(0, operation.indexOf(' '));
    }

    /** With the filters' JSON as a client would write it. */
    String path() {
      return target.replace("{", "%7B").replace("}", "%7D").replace("\"", "%22");
    }

    @Override
    public String toString() {
      return operation + ": " + target + " " + body;
    }
  }

  @TempDir Path directory;
  private final FakeNode node = new FakeNode();
  private RealLeader leader;
  private EngineApiServer server;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    leader = new RealLeader(directory.toString());
    client = new RawClient(directory.resolve("api.sock"));
    server =
        EngineApiServer.start(
            new EngineApiServer.Listen(List.of(client.socket()), List.of()),
            new ServerIdentity("0.1.0", 24, 47, "host", "amd64", 2, 1 << 30),
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
    assertEquals(List.of(), leader.faults);
  }

  static Stream<Row> ours() {
    return OURS.lines().map(Row::of);
  }

  static Stream<Row> theEngines() {
    return THE_ENGINES.lines().map(Row::of);
  }

  @ParameterizedTest
  @MethodSource("ours")
  void saysWhatIsWrong(Row row) throws IOException {
    String spec = "{\"Name\":\"taken\",\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"b\"}}}";
    assertEquals(201, client.post("/services/create", spec).status());
    byte[] body = row.body().getBytes(StandardCharsets.UTF_8);
    String type = body.length == 0 ? "" : "Content-Type: application/json\r\n";
    String id = leader.nodeId();
    RawClient.Reply reply = client.send(row.method(), row.path().replace("NODE", id), type, body);
    assertEquals(row.status(), reply.status(), reply::text);
    assertEquals("application/json", reply.headers().get("content-type"));
    assertEquals(Set.of("message"), names(reply));
    String message = reply.message();
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.contains(row.words().replace("NODE", id)), message);
    assertFalse(message.contains("Exception"), message);
    assertTrue(node.requests.isEmpty(), "nothing has happened");
  }

  private static Set<String> names(RawClient.Reply reply) {
    Set<String> names = new TreeSet<>();
    reply.json().fieldNames().forEachRemaining(names::add);
    return names;
  }

  @ParameterizedTest
  @MethodSource("theEngines")
  void theEnginesAnswerComesThrough(Row row) throws Exception {
    Path place = Files.createDirectory(directory.resolve("front"));
    try (Front front = new Front(place);
        SocketChannel asking =
            front.send(
                row.method()
                    + " "
                    + row.path()
                    + " HTTP/1.1\nHost: docker\nContent-Type: application/json\nContent-Length: "
                    + row.body().length())) {
      Front.write(asking, row.body());
      try (FakeEngine.Call call = front.engine.next()) {
        assertTrue(call.head().startsWith(row.method() + " " + row.path() + " "), call.head());
        assertEquals(row.body(), call.read(row.body().length()));
        String refusal =
            "HTTP/1.1 400 Bad Request\r\nContent-Length: 16\r\n\r\n{\"message\":\"no\"}";
        call.write(refusal);
        call.channel().close();
        assertEquals(refusal, FakeEngine.read(asking, refusal.length()));
      }
    }
  }

  /** The table that users read has no operation that is missing here. */
  @Test
  void noOperationIsMissing() throws IOException {
    Path table =
        Stream.of("docs/compatibility.md", "../docs/compatibility.md")
            .map(Path::of)
            .filter(Files::exists)
            .findFirst()
            .orElseThrow();
    Set<String> wanted =
        Pattern.compile("`((?:GET|POST|PUT|DELETE) /[^`]*)`[^|\n]*(?=.*\\|)")
            .matcher(
                Files.readAllLines(table).stream()
                    .filter(line -> line.startsWith("| `"))
                    .map(line -> line.substring(0, line.indexOf('|', 1) + 1))
                    .collect(Collectors.joining("\n")))
            .results()
            .map(result -> result.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> tried =
        Stream.concat(ours(), theEngines())
            .map(Row::operation)
            .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(wanted.size() >= 43, wanted::toString);
    wanted.removeAll(tried);
    assertEquals(Set.of(), wanted);
  }
}
