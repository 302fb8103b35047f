package dev.swarm.manager.members;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.manager.raft.storage.DataKeys;
import dev.swarm.v1.ManagersGrpc;
import dev.swarm.v1.PrepareManagerRequest;
import dev.swarm.v1.PrepareManagerResponse;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a manager is told before it starts its log. */
class ManagerJoinTest {
  private static final DataKeys KEYS = DataKeys.create(new SecureRandom());

  private final String address = InProcessServerBuilder.generateName();
  private final ManagerJoin join =
      new ManagerJoin(
          new Peer("n", "10.0.0.2:2377"),
          () -> List.of("10.0.0.2:2377", address),
          to -> InProcessChannelBuilder.forName(to.address()).build(),
          new ManualTime());
  private final Server other =
      InProcessServerBuilder.forName(address)
          .addService(
              new ManagersGrpc.ManagersImplBase() {
                @Override
                public void prepare(
                    PrepareManagerRequest request, StreamObserver<PrepareManagerResponse> out) {
                  out.onNext(
                      PrepareManagerResponse.newBuilder()
                          .setDataKeys(ByteString.copyFrom(KEYS.encode()))
                          .setOutside(outside)
                          .build());
                  out.onCompleted();
                }
              })
          .build();
  private volatile boolean outside = true;

  @BeforeEach
  void listen() throws IOException {
    other.start();
  }

  @AfterEach
  void close() {
    other.shutdownNow();
  }

  @Test
  void whoIsNoVoterBeginsALogWithTheKeysOfTheOthers() throws IOException {
    assertArrayEquals(KEYS.encode(), join.begin().encode());
  }

  /** It would vote as if it had acknowledged nothing. */
  @Test
  void aVoterThatLostItsDiskDoesNotBeginAnew() {
    outside = false;
    String why = String.valueOf(assertThrows(IOException.class, join::begin).getMessage());
    assertEquals(
        "the other managers count on a log that is not on this disk any more: bring it back, or"
            + " demote this node, wait until it is a worker, and promote it again",
        why);
  }

  @Test
  void oneWhoseLogHasEndedIsToldWhetherItIsVoid() throws IOException {
    assertTrue(join.prepare().outside());
    outside = false;
    assertFalse(join.prepare().outside());
  }
}
