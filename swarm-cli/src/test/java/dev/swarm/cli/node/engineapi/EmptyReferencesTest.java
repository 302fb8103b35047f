package dev.swarm.cli.node.engineapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.swarm.cli.node.engineapi.http.ServerIdentity;
import dev.swarm.host.SystemClock;
import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.LogsGrpc;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A request that names nothing is refused, whatever it is about: the empty string is the beginning
 * of every id, and where there is one object only it would be meant.
 */
class EmptyReferencesTest {
  private static final String LABELLED = "{\"Labels\":{\"a\":\"b\"},\"TaskTemplate\":{}}";

  @TempDir Path directory;
  private RealLeader leader;
  private EngineApiServer server;
  private RawClient client;

  /** A swarm with one object of each kind. */
  @BeforeEach
  void start() throws IOException {
    leader = new RealLeader(directory.toString());
    client = new RawClient(directory.resolve("api.sock"));
    server =
        EngineApiServer.start(
            new EngineApiServer.Listen(List.of(client.socket()), List.of()),
            new ServerIdentity("0.1.0", 24, 47, "host", "amd64", 2, 1 << 30),
            new FakeNode(),
            leader::channel,
            () -> "abcdefghijklmnopqrstuvwxy",
            new SystemClock(),
            Optional.empty());
    String service = "{\"Name\":\"web\",\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"b\"}}}";
    assertEquals(201, client.post("/services/create", service).status());
    assertEquals(
        201, client.post("/secrets/create", "{\"Name\":\"s\",\"Data\":\"eA==\"}").status());
    assertEquals(
        201, client.post("/configs/create", "{\"Name\":\"c\",\"Data\":\"eA==\"}").status());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    leader.close();
    assertEquals(List.of(), leader.faults);
  }

  static Stream<String> namingOperations() {
    return BadRequestsTest.ours()
        .map(BadRequestsTest.Row::operation)
        .distinct()
        .filter(operation -> operation.contains("{id}"))
        .filter(operation -> !operation.equals("GET /networks/{id}"));
  }

  @ParameterizedTest
  @MethodSource("namingOperations")
  void aPathThatNamesNothingIsRefused(String operation) throws IOException {
    Map<String, JsonNode> before = objects();
    String method = operation.substring(0, operation.indexOf(' '));
    byte[] body = LABELLED.getBytes(StandardCharsets.UTF_8);
    for (String name : List.of("", "%20", "%09%20", "%0A")) {
      String path = operation.substring(method.length() + 1).replace("{id}", name);
      for (String query : List.of("", "?version=1&stdout=1&force=1")) {
        RawClient.Reply reply =
            client.send(method, path + query, "Content-Type: application/json\r\n", body);
        assertEquals(400, reply.status(), reply::text);
        String kind = path.substring(1, path.indexOf('/', 1) - 1);
        assertEquals("the name or id of the " + kind + " is missing", reply.message());
      }
    }
    assertEquals(before, objects());
  }

  /** The engine has this path, and it is the list. */
  @Test
  void networksWithASlashAreAllOfThem() throws IOException {
    assertEquals(client.get("/networks").json(), client.get("/networks/").json());
    assertEquals(400, client.get("/networks/%20").status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"service", "node"})
  void aFilterForTheTasksOfNothingIsRefused(String of) throws IOException {
    for (String name : List.of("", " ")) {
      RawClient.Reply reply =
          client.get(
              "/tasks?filters=%7B%22" + of + "%22:[%22" + name.replace(" ", "%20") + "%22]%7D");
      assertEquals(400, reply.status(), reply::text);
      assertEquals("the name or id of the " + of + " is missing", reply.message());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void aServiceOnANetworkOfNoNameIsRefused(String name) throws IOException {
    RawClient.Reply reply =
        client.post(
            "/services/create",
            "{\"Name\":\"x\",\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"b\"},\"Networks\":[{\"Target\":\"%s\"}]}}"
                .formatted(name));
    assertEquals(400, reply.status(), reply::text);
    assertEquals("the name or id of the network is missing", reply.message());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\\t"})
  void nothingIsNamedEmpty(String name) throws IOException {
    Map<String, JsonNode> before = objects();
    Map<String, String> bodies =
        Map.of(
            "/secrets/create", "{\"Name\":\"%s\",\"Data\":\"eA==\"}",
            "/configs/create", "{\"Name\":\"%s\",\"Data\":\"eA==\"}",
            "/networks/create", "{\"Name\":\"%s\",\"Driver\":\"overlay\"}");
    for (Map.Entry<String, String> body : bodies.entrySet()) {
      RawClient.Reply reply = client.post(body.getKey(), body.getValue().formatted(name));
      assertEquals(400, reply.status(), reply::text);
      assertTrue(reply.message().contains("name"), reply::message);
    }
    assertEquals(before, objects());
  }

  static Stream<MethodDescriptor<?, ?>> calls() {
    return Stream.of(ControlGrpc.getServiceDescriptor(), LogsGrpc.getServiceDescriptor())
        .map(ServiceDescriptor::getMethods)
        .flatMap(methods -> methods.stream())
        .filter(method -> !references(prototype(method).getDescriptorForType()).isEmpty());
  }

  /** The same on the wire, where no path is in between. */
  @ParameterizedTest
  @MethodSource("calls")
  void aCallThatNamesNothingIsRefused(MethodDescriptor<Message, Message> call) throws IOException {
    Map<String, JsonNode> before = objects();
    for (String name : List.of("", " ", "\t \n")) {
      Message.Builder request = prototype(call).toBuilder();
      references(request.getDescriptorForType()).forEach(field -> name(request, field, name));
      StatusRuntimeException refused =
          assertThrows(
              StatusRuntimeException.class,
              () ->
                  ClientCalls.blockingServerStreamingCall(
                          leader.channel(), call, CallOptions.DEFAULT, request.build())
                      .forEachRemaining(reply -> {}));
      if (refused.getStatus().getCode() != Status.Code.UNIMPLEMENTED) {
        assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
        String why = String.valueOf(refused.getStatus().getDescription());
        assertTrue(why.contains("missing"), why);
      }
    }
    assertEquals(before, objects());
  }

  /** What the request means: an id, a version besides, or the ids that a log is selected by. */
  private static List<FieldDescriptor> references(Descriptor request) {
    return request.getFields().stream()
        .filter(
            field ->
                field.getName().endsWith("_id")
                    || field.getName().endsWith("_version")
                    || field.getName().equals("selector"))
        .toList();
  }

  private static void name(Message.Builder request, FieldDescriptor field, String name) {
    if (field.getJavaType() == FieldDescriptor.JavaType.STRING) {
      request.setField(field, name);
      return;
    }
    Message.Builder inner = request.newBuilderForField(field);
    for (FieldDescriptor part : inner.getDescriptorForType().getFields()) {
      if (part.getName().equals("service_ids")) {
        inner.addRepeatedField(part, name);
      } else if (part.getName().equals("index")) {
        inner.setField(part, 1L);
      }
    }
    request.setField(field, inner.build());
  }

  private static Message prototype(MethodDescriptor<?, ?> method) {
    return (Message) method.parseRequest(new ByteArrayInputStream(new byte[0]));
  }

  private Map<String, JsonNode> objects() throws IOException {
    Map<String, JsonNode> all = new TreeMap<>();
    for (String kind : List.of("services", "nodes", "secrets", "configs", "networks")) {
      all.put(kind, client.get("/" + kind).json());
    }
    return all;
  }
}
