package dev.swarm.manager.raft;

import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.manager.raft.RaftOptions.Start;
import dev.swarm.manager.raft.storage.DataKeys;
import dev.swarm.manager.raft.storage.Sealer;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * A program that proposes numbered entries, several at a time, and prints the number of each that
 * was acknowledged, until it is killed.
 */
final class Victim {
  static final Peer SELF = new Peer("victim", "victim:2377");
  static final String KEYS = "keys";

  private Victim() {}

  /**
   * @param args the directory
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path home = Path.of(args[0]);
    boolean exists = RatisLog.exists(home, Managers.CLUSTER);
    var diary = new Diary();
    RatisLog log = log(home, exists ? Start.RESTART : Start.NEW_CLUSTER);
    log.start(diary);
    diary.awaitLeading();
    int next = diary.entries().size();
    var room = new Semaphore(8);
    while (true) {
      room.acquire();
      String entry = "entry " + next++;
      log.propose(Managers.bytes(entry))
          .whenComplete(
              (done, failure) -> {
                room.release();
                System.out.println(failure == null ? entry : "failed " + failure);
                System.out.flush();
              });
    }
  }

  static RatisLog log(Path home, Start start) throws IOException {
    DataKeys keys = DataKeys.load(home.resolveSibling(KEYS), Optional.empty());
    RaftOptions options =
        RaftOptions.of(home, Managers.CLUSTER, SELF, start).withSnapshots(300, 1 << 20, 1, 10);
    return new RatisLog(
        options,
        new Sealer(keys, new SecureRandom()),
        peer -> InProcessChannelBuilder.forName(peer.address()).build());
  }
}
