package dev.swarm.manager.members;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.port.ReplicatedLog.Peer;
import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The connection to whoever leads, while that changes. */
@Timeout(60)
class LeaderChannelTest {
  private final FakeLog log = new FakeLog();
  private final List<ManagedChannel> dialled = new ArrayList<>();

  private ManagedChannel dial(Peer peer) {
    ManagedChannel channel = InProcessChannelBuilder.forName(peer.address()).build();
    dialled.add(channel);
    return channel;
  }

  /** Nobody tells a second time that the one that was found leads no more. */
  @Test
  void aLeaderThatCeasesToLeadWhileItIsDialledIsDroppedAllTheSame() throws Exception {
    log.peers.add(new Peer("b", "b"));
    log.peers.add(new Peer("c", "c"));
    log.leader("b", false);
    List<Thread> told = new ArrayList<>();
    List<LeaderChannel> channels = new ArrayList<>();
    log.onPeers =
        () -> {
          if (told.isEmpty()) {
            log.leader("c", false);
            told.add(Thread.ofPlatform().start(() -> channels.getFirst().dropFormer()));
            while (told.getFirst().isAlive()
                && told.getFirst().getState() != Thread.State.BLOCKED) {
              Thread.onSpinWait();
            }
          }
        };
    try (LeaderChannel channel = new LeaderChannel(log, "a", this::dial)) {
      channels.add(channel);
      assertTrue(channel.get().isPresent());
      told.getFirst().join();
      assertEquals(1, dialled.size());
      assertTrue(dialled.getFirst().isShutdown(), "calls to b would wait for ever");
    }
  }
}
