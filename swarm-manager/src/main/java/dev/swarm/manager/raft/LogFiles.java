package dev.swarm.manager.raft;

import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.host.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * Reads the Raft library's directory while the library does not run: whether there is a log at all,
 * whether it is whole, who votes.
 */
final class LogFiles {
  private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d+)");
  private static final Pattern CLOSED = Pattern.compile("log_(\\d+)-\\d+");
  private static final String VOTERS = "raft-meta.conf";

  private final Path storage;
  private final UUID group;
  private final Path current;

  /**
   * @param storage the library's storage directory; may be absent
   */
  LogFiles(Path storage, UUID group) {
    this.storage = storage;
    this.group = group;
    this.current = storage.resolve(group.toString()).resolve("current");
  }

  /** The library's name of a cluster. */
  static UUID group(String clusterId) {
    return UUID.nameUUIDFromBytes(("swarm " + clusterId).getBytes(StandardCharsets.UTF_8));
  }

  /** Whether an entry, or who votes, was ever stored. */
  boolean exist() throws IOException {
    return Files.exists(current.resolve(VOTERS)) || !segments().isEmpty();
  }

  /** Refuses a directory in which another cluster's log is. */
  void checkCluster() throws IOException {
    if (!Files.isDirectory(storage)) {
      return;
    }
    try (Stream<Path> entries = Files.list(storage)) {
      for (Path entry : entries.toList()) {
        if (Files.isDirectory(entry) && !entry.endsWith(group.toString())) {
          throw new IOException(storage + " holds the log of another cluster: " + entry);
        }
      }
    }
  }

  /** Checks every entry, and cuts off one that a crash left unfinished. */
  LastEntry check() throws IOException {
    LastEntry last = new LastEntry(0, -1);
    for (Segment segment : segments()) {
      LastEntry inSegment = SegmentScan.check(segment.file(), segment.open());
      last = inSegment.index() < 0 ? last : inSegment;
    }
    return last;
  }

  /** Drops all entries: a snapshot covers them. */
  void drop() throws IOException {
    for (Segment segment : segments()) {
      Files.delete(segment.file());
    }
    if (Files.isDirectory(current)) {
      DurableFiles.force(current);
    }
  }

  /**
   * An entry's place.
   *
   * @param index -1 for none
   */
  record LastEntry(long term, long index) {}

  /** Whether {@code peerId} was the only voter when last noted. Only a hint: the log knows more. */
  boolean isOnlyVoter(String peerId) throws IOException {
    Path file = current.resolve(VOTERS);
    if (!Files.exists(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      RaftConfigurationProto voters = LogEntryProto.parseFrom(in).getConfigurationEntry();
      return voters.getOldPeersCount() == 0
          && voters.getPeersCount() == 1
          && voters.getPeers(0).getId().toStringUtf8().equals(peerId);
    }
  }

  /**
   * Notes that {@code self} alone votes, in force after all that is in the log.
   *
   * @param last the last entry there is
   */
  void makeOnlyVoter(Peer self, LastEntry last) throws IOException {
    var voters =
        RaftConfigurationProto.newBuilder()
            .addPeers(
                RaftPeerProto.newBuilder()
                    .setId(ByteString.copyFromUtf8(self.id()))
                    .setAddress(self.address()));
    LogEntryProto entry =
        LogEntryProto.newBuilder()
            .setTerm(last.term())
            .setIndex(last.index() + 1)
            .setConfigurationEntry(voters)
            .build();
    DurableFiles.replace(current.resolve(VOTERS), entry.toByteArray());
  }

  private record Segment(Path file, long start, boolean open) {}

  /** In the order of their entries. */
  private List<Segment> segments() throws IOException {
    if (!Files.isDirectory(current)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(current)) {
      return files
          .flatMap(file -> segment(file).stream())
          .sorted(Comparator.comparingLong(Segment::start))
          .toList();
    }
  }

  private static Optional<Segment> segment(Path file) {
    String name = file.getFileName().toString();
    Matcher open = OPEN.matcher(name);
    Matcher closed = CLOSED.matcher(name);
    if (open.matches()) {
      return Optional.of(new Segment(file, Long.parseLong(open.group(1)), true));
    }
    return closed.matches()
        ? Optional.of(new Segment(file, Long.parseLong(closed.group(1)), false))
        : Optional.empty();
  }
}
