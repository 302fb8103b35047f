package dev.swarm.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import docker.swarmkit.v1.PublishLogsMessage;
import docker.swarmkit.v1.SessionRequest;
import docker.swarmkit.v1.UpdateTaskStatusRequest;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What gets through the door, and what is said of the rest. */
class BoundsTest {
  private static Optional<String> problem(SessionRequest.Builder request) {
    return Bounds.OF_NODES.problem(request.build());
  }

  @Test
  void whatAnEngineSaysOfItself() {
    SessionRequest.Builder request = SessionRequest.newBuilder();
    var description = request.getDescriptionBuilder().setHostname("h".repeat(255));
    for (int i = 0; i < 500; i++) {
      description
          .getEngineBuilder()
          .putLabels("label" + i, "v".repeat(100))
          .addPluginsBuilder()
          .setName("plugin" + i);
    }
    assertEquals(Optional.empty(), problem(request));
    description.setHostname("é".repeat(128));
    assertEquals(
        Optional.of("hostname of NodeDescription has 256 bytes: at most 255 are taken"),
        problem(request));
  }

  @Test
  void tooManyAndTooMuchTogether() {
    SessionRequest.Builder request = SessionRequest.newBuilder();
    for (int i = 0; i <= 1000; i++) {
      request.getDescriptionBuilder().getEngineBuilder().putLabels("l" + i, "");
    }
    assertEquals(
        Optional.of("labels of EngineDescription has 1001 elements: at most 1000 are taken"),
        problem(request));
    request.clear();
    for (int i = 0; i < 30; i++) {
      request.getDescriptionBuilder().getEngineBuilder().putLabels("l" + i, "v".repeat(10_000));
    }
    assertTrue(problem(request).orElse("").startsWith("description of SessionRequest has 30"));
  }

  @Test
  void outputSaysWhatItsContainerWasGiven() {
    PublishLogsMessage.Builder output = PublishLogsMessage.newBuilder();
    output.addMessagesBuilder().addAttrsBuilder().setKey("TRUST").setValue("v".repeat(100_000));
    assertEquals(Optional.empty(), Bounds.OF_NODES.problem(output.build()));
    output.addMessagesBuilder().addAttrsBuilder().setKey("TRUST").setValue("v".repeat(200_000));
    assertEquals(
        Optional.of("value of LogAttr has 200000 bytes: at most 131072 are taken"),
        Bounds.OF_NODES.problem(output.build()));
  }

  @Test
  void timesThatAreNone() {
    UpdateTaskStatusRequest.Builder request = UpdateTaskStatusRequest.newBuilder();
    request
        .addUpdatesBuilder()
        .getStatusBuilder()
        .setTimestamp(Timestamp.newBuilder().setSeconds(31_556_889_864_403_199L));
    assertEquals(
        Optional.of("timestamp of TaskStatus is no time"),
        Bounds.OF_NODES.problem(request.build()));
  }

  @Test
  void whatIsNotKnownHereIsFewAndFlat() {
    UnknownFieldSet.Field few =
        UnknownFieldSet.Field.newBuilder()
            .addLengthDelimited(com.google.protobuf.ByteString.copyFrom(new byte[1000]))
            .build();
    SessionRequest.Builder request = SessionRequest.newBuilder();
    request.setUnknownFields(UnknownFieldSet.newBuilder().addField(999, few).build());
    assertEquals(Optional.empty(), problem(request));
    UnknownFieldSet.Field group =
        UnknownFieldSet.Field.newBuilder().addGroup(UnknownFieldSet.getDefaultInstance()).build();
    request.setUnknownFields(UnknownFieldSet.newBuilder().addField(999, group).build());
    assertEquals(Optional.of("the message has groups, which are not known here"), problem(request));
    UnknownFieldSet.Builder much = UnknownFieldSet.newBuilder();
    for (int i = 1000; i < 1020; i++) {
      much.addField(i, few);
    }
    request.setUnknownFields(much.build());
    assertTrue(problem(request).orElse("").contains("in fields that are not known here"));
  }
}
