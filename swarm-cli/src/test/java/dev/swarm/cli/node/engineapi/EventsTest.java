package dev.swarm.cli.node.engineapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Timestamp;
import dev.swarm.cli.node.engineapi.http.Body;
import dev.swarm.cli.node.engineapi.routes.SwarmEvents;
import docker.swarmkit.v1.Node;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.Object;
import docker.swarmkit.v1.Service;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskState;
import docker.swarmkit.v1.UpdateStatus;
import docker.swarmkit.v1.WatchActionKind;
import docker.swarmkit.v1.WatchMessage;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventsTest {
  private static final String CONTAINER_AT_2 =
      "{\"Type\":\"container\",\"Action\":\"start\",\"time\":2,\"timeNano\":2000000000}\n";

  @TempDir Path directory;
  private Front front;
  private StreamObserver<WatchMessage> leader;

  @BeforeEach
  void start() throws Exception {
    front = new Front(directory);
    leader = front.leader.watchers.take();
  }

  @AfterEach
  void stop() throws IOException {
    front.close();
  }

  private static Service.Builder service(String name, long replicas, long updatedAt) {
    Service.Builder service = Service.newBuilder().setId("id-" + name);
    service.getSpecBuilder().getAnnotationsBuilder().setName(name).putLabels("tier", "front");
    service.getSpecBuilder().getTaskBuilder().getContainerBuilder().setImage("busybox");
    service.getSpecBuilder().getReplicatedBuilder().setReplicas(replicas);
    service.getMetaBuilder().setCreatedAt(at(1)).setUpdatedAt(at(updatedAt));
    return service;
  }

  private static Timestamp at(long second) {
    return Timestamp.newBuilder().setSeconds(second).build();
  }

  private static WatchMessage.Event event(
      WatchActionKind action, Object.Builder now, Object.Builder old) {
    WatchMessage.Event.Builder event = WatchMessage.Event.newBuilder().setAction(action);
    event.setObject(now);
    if (action == WatchActionKind.WATCH_ACTION_UPDATE) {
      event.setOldObject(old);
    }
    return event.build();
  }

  private void happen(WatchMessage.Event... events) {
    leader.onNext(WatchMessage.newBuilder().addAllEvents(Arrays.asList(events)).build());
  }

  private static WatchMessage.Event created(Service.Builder service) {
    return event(
        WatchActionKind.WATCH_ACTION_CREATE,
        Object.newBuilder().setService(service),
        Object.newBuilder());
  }

  private static WatchMessage.Event updated(Service.Builder now, Service.Builder old) {
    return event(
        WatchActionKind.WATCH_ACTION_UPDATE,
        Object.newBuilder().setService(now),
        Object.newBuilder().setService(old));
  }

  /** The past's events, while the engine remembers {@code engine}. */
  private List<JsonNode> past(String query, String engine) throws Exception {
    try (SocketChannel client =
        front.send("GET /v1.41/events?since=0&until=100&" + query + " HTTP/1.0\nHost: x")) {
      try (FakeEngine.Call call = front.engine.next()) {
        call.write("HTTP/1.1 200 OK\r\nContent-Length: " + engine.length() + "\r\n\r\n" + engine);
      }
      assertTrue(FakeEngine.head(client).startsWith("HTTP/1.1 200 OK"));
      return FakeEngine.readAll(client).lines().map(Body::parse).toList();
    }
  }

  @Test
  void thePastOfBothSidesIsSorted() throws Exception {
    happen(created(service("web", 1, 1)), updated(service("web", 3, 3), service("web", 1, 1)));
    List<JsonNode> events = past("", CONTAINER_AT_2);
    assertEquals(
        List.of("service create", "container start", "service update"),
        events.stream()
            .map(e -> e.path("Type").asText() + " " + e.path("Action").asText())
            .toList());
    JsonNode update = events.getLast();
    assertEquals("id-web", update.at("/Actor/ID").asText());
    assertEquals("web", update.at("/Actor/Attributes/name").asText());
    assertEquals("1", update.at("/Actor/Attributes/replicas.old").asText());
    assertEquals("3", update.at("/Actor/Attributes/replicas.new").asText());
    assertEquals("swarm", update.path("scope").asText());
    assertEquals(3, update.path("time").asLong());
    assertEquals(3_000_000_000L, update.path("timeNano").asLong());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":[\"service\"]}                      | 2",
        "{\"type\":[\"node\"]}                         | 0",
        "{\"event\":[\"update\"]}                      | 1",
        "{\"scope\":[\"swarm\"]}                       | 2",
        "{\"scope\":[\"local\"]}                       | 0",
        "{\"service\":[\"we\"]}                        | 2",
        "{\"service\":[\"id-web\"]}                    | 2",
        "{\"service\":[\"other\"]}                     | 0",
        "{\"container\":[\"c\"]}                       | 0",
        "{\"image\":[\"busybox\"]}                     | 0",
        "{\"label\":[\"tier=front\"]}                  | 2",
        "{\"label\":[\"tier=back\"]}                   | 0",
        "{\"label\":[\"replicas.new=3\"]}              | 1",
        "{\"type\":[\"service\"],\"event\":[\"create\"]} | 1",
        "{\"type\":[\"service\",\"node\"]}             | 2",
      })
  void filtersHoldForTheSwarmToo(String filters, int count) throws Exception {
    happen(created(service("web", 1, 1)), updated(service("web", 3, 3), service("web", 1, 1)));
    String query = "filters=" + URLEncoder.encode(filters, StandardCharsets.UTF_8);
    assertEquals(count, past(query, "").size());
    assertTrue(
        front.engine.heads.stream()
            .anyMatch(h -> h.contains("since=0.000000000&") && h.contains(query)),
        "the engine filters its own");
  }

  @Test
  void bothSidesAreFollowed() throws Exception {
    try (SocketChannel client = front.send("GET /events HTTP/1.0\nHost: x")) {
      FakeEngine.Call call = front.engine.next();
      call.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      assertTrue(FakeEngine.head(client).contains("Content-Type: application/json"));
      call.write(Integer.toHexString(CONTAINER_AT_2.length()) + "\r\n" + CONTAINER_AT_2 + "\r\n");
      assertEquals(CONTAINER_AT_2, FakeEngine.read(client, CONTAINER_AT_2.length()));
      happen(created(service("web", 1, 1)));
      String expected =
          "{\"Type\":\"service\",\"Action\":\"create\",\"Actor\":{\"ID\":\"id-web\","
              + "\"Attributes\":{\"name\":\"web\"}},\"scope\":\"swarm\",\"time\":1,"
              + "\"timeNano\":1000000000}\n";
      assertEquals(expected, FakeEngine.read(client, expected.length()));
      call.write("0\r\n\r\n");
      assertEquals("", FakeEngine.readAll(client), "where the engine's stream ends, all does");
    }
  }

  @Test
  void aClientThatLeavesEndsTheEnginesStream() throws Exception {
    SocketChannel client = front.send("GET /events HTTP/1.0\nHost: x");
    try (FakeEngine.Call call = front.engine.next()) {
      call.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      assertFalse(FakeEngine.head(client).isEmpty());
      client.close();
      assertEquals("", call.readAll());
    }
  }

  @Test
  void untilEndsTheStreamAndBadTimesAreRefused() throws Exception {
    assertEquals(400, front.client.get("/events?since=yesterday").status());
    assertEquals(400, front.client.get("/events?since=20&until=10").status());
    assertEquals(400, front.client.get("/events?filters=x").status());
    front.stopEngine();
    assertEquals(503, front.client.get("/events").status());
  }

  @Test
  void nodesAndTasksTellWhatChanged() throws Exception {
    Node.Builder node = Node.newBuilder().setId("n1");
    node.getDescriptionBuilder().setHostname("host");
    node.getMetaBuilder().setUpdatedAt(at(4));
    Node.Builder drained = node.clone();
    drained.getSpecBuilder().setAvailability(NodeSpec.Availability.DRAIN);
    Task.Builder task = Task.newBuilder().setId("t1").setServiceId("s1").setSlot(2).setNodeId("n1");
    task.getServiceAnnotationsBuilder().setName("web");
    task.getStatusBuilder().setState(TaskState.STARTING);
    Task.Builder running = task.clone();
    running.getStatusBuilder().setState(TaskState.RUNNING);
    Service.Builder updating = service("web", 1, 5);
    updating.getUpdateStatusBuilder().setState(UpdateStatus.UpdateState.ROLLBACK_STARTED);
    happen(
        event(
            WatchActionKind.WATCH_ACTION_UPDATE,
            Object.newBuilder().setNode(drained),
            Object.newBuilder().setNode(node)),
        event(
            WatchActionKind.WATCH_ACTION_UPDATE,
            Object.newBuilder().setTask(running),
            Object.newBuilder().setTask(task)),
        event(
            WatchActionKind.WATCH_ACTION_UPDATE,
            Object.newBuilder().setTask(running),
            Object.newBuilder().setTask(running)),
        updated(updating, service("web", 1, 1)));
    List<JsonNode> events = past("", "");
    assertEquals(3, events.size(), "a task's other changes are not told");
    JsonNode ofTask = events.get(0).at("/Actor/Attributes");
    assertEquals("web.2.t1", ofTask.path("name").asText());
    assertEquals("starting", ofTask.path("state.old").asText());
    assertEquals("running", ofTask.path("state.new").asText());
    assertEquals("n1", ofTask.path("node.id").asText());
    JsonNode ofNode = events.get(1).at("/Actor/Attributes");
    assertEquals("host", ofNode.path("name").asText());
    assertEquals("active", ofNode.path("availability.old").asText());
    assertEquals("drain", ofNode.path("availability.new").asText());
    assertEquals(
        "rollback_started", events.get(2).at("/Actor/Attributes/updatestate.new").asText());
  }

  @Test
  void manyTasksDoNotPushAServiceOut() throws Exception {
    happen(created(service("web", 1, 1)));
    Task.Builder task = Task.newBuilder().setId("t1");
    for (int i = 0; i < 2 * SwarmEvents.KEPT_MAX; i++) {
      happen(
          event(
              WatchActionKind.WATCH_ACTION_CREATE,
              Object.newBuilder().setTask(task),
              Object.newBuilder()));
    }
    assertEquals(1 + SwarmEvents.KEPT_MAX, past("", "").size());
  }

  @Test
  void aWatchThatEndsIsBegunAnew() throws Exception {
    leader.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException());
    leader = front.leader.watchers.take();
    happen(created(service("web", 1, 1)));
    assertEquals(1, past("", "").size());
  }
}
