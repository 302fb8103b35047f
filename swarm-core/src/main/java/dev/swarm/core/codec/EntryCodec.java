package dev.swarm.core.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.store.Change;
import dev.swarm.core.wire.FromWire;
import dev.swarm.core.wire.ToWire;
import dev.swarm.log.v1.Entry;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Encodes the changes of one log entry as bytes, and decodes them. */
public final class EntryCodec {
  /** The format written; every lower one is still read. When to raise it: CONTRIBUTING.md. */
  public static final int FORMAT = 3;

  private EntryCodec() {}

  /** What an entry says. */
  public record Decoded(long sequence, Instant at, List<Change> changes) {}

  /** An entry that this version cannot read; the manager must stop rather than diverge. */
  public static final class UnreadableEntryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableEntryException(String message) {
      super(message);
    }
  }

  /** Nothing that people write lies as deep; far from the depth at which a reader gives up. */
  private static final int DEPTH_MAX = 50;

  /** What an entry takes beside its changes, at most. */
  private static final int HEAD_BYTES_MAX = 64;

  /** Changes in the form they have in an entry. */
  public record Encoded(List<dev.swarm.log.v1.Change> changes) {
    /** What these take of an entry. */
    public int bytes() {
      return changes.stream().mapToInt(Encoded::bytes).sum();
    }

    /** The longest beginning that takes at most {@code bytesMax}. */
    public int countWithin(int bytesMax) {
      int left = bytesMax;
      for (int i = 0; i < changes.size(); i++) {
        left -= bytes(changes.get(i));
        if (left < 0) {
          return i;
        }
      }
      return changes.size();
    }

    /**
     * Those that carry what people or nodes said. The others are made of ids and numbers, as many
     * as there are tasks, and every manager can read them.
     */
    public Encoded objects() {
      return new Encoded(changes.stream().filter(Encoded::isObject).toList());
    }

    private static boolean isObject(dev.swarm.log.v1.Change change) {
      return switch (change.getKindCase()) {
        case PUT_CLUSTER, PUT_NODE, PUT_SERVICE, PUT_NETWORK, PUT_SECRET, PUT_CONFIG, ATTACH_TASK ->
            true;
        case REMOVE_NODE,
            REMOVE_SERVICE,
            REMOVE_NETWORK,
            REMOVE_SECRET,
            REMOVE_CONFIG,
            CREATE_TASK,
            ADVANCE_TASK,
            ASSIGN_TASK,
            REMOVE_TASK,
            KIND_NOT_SET ->
            false;
      };
    }

    /** The first {@code count} of them. */
    public Encoded first(int count) {
      return new Encoded(changes.subList(0, count));
    }

    private static int bytes(dev.swarm.log.v1.Change change) {
      return CodedOutputStream.computeMessageSize(Entry.CHANGES_FIELD_NUMBER, change);
    }
  }

  /** The bytes there are for changes in an entry of {@code entryBytes}. */
  public static int room(int entryBytes) {
    return entryBytes - HEAD_BYTES_MAX;
  }

  public static byte[] encode(long sequence, Instant at, List<Change> changes) {
    return encode(sequence, at, encode(changes));
  }

  public static Encoded encode(List<Change> changes) {
    return new Encoded(changes.stream().map(EntryCodec::encode).toList());
  }

  public static byte[] encode(long sequence, Instant at, Encoded changes) {
    return Entry.newBuilder()
        .setFormat(FORMAT)
        .setSequence(sequence)
        .setAtEpochMillis(at.toEpochMilli())
        .addAllChanges(changes.changes())
        .build()
        .toByteArray();
  }

  /**
   * Throws if not every manager can read these changes from the log. To be asked before they are
   * proposed: once committed, what cannot be read stops all of them.
   */
  public static void verify(Encoded changes) {
    for (dev.swarm.log.v1.Change change : changes.changes()) {
      CodedInputStream in = CodedInputStream.newInstance(change.toByteArray());
      in.setRecursionLimit(DEPTH_MAX);
      try {
        decode(dev.swarm.log.v1.Change.parseFrom(in));
      } catch (IOException e) {
        throw new UnreadableEntryException("a change cannot be read back: " + e.getMessage());
      }
    }
  }

  public static Decoded decode(byte[] bytes) {
    Entry entry;
    try {
      entry = Entry.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new UnreadableEntryException("a log entry is damaged: " + e.getMessage());
    }
    if (entry.getFormat() > FORMAT) {
      throw new UnreadableEntryException(
          "the log has an entry of format "
              + entry.getFormat()
              + ", this manager reads up to "
              + FORMAT
              + ": update it");
    }
    return new Decoded(
        entry.getSequence(),
        Instant.ofEpochMilli(entry.getAtEpochMillis()),
        entry.getChangesList().stream().map(EntryCodec::decode).toList());
  }

  private static dev.swarm.log.v1.Change encode(Change change) {
    dev.swarm.log.v1.Change.Builder wire = dev.swarm.log.v1.Change.newBuilder();
    switch (change) {
      case Change.PutCluster put -> wire.setPutCluster(ToWire.cluster(put.cluster()));
      case Change.PutNode put -> wire.setPutNode(Nodes.encode(put.node()));
      case Change.RemoveNode remove -> wire.setRemoveNode(remove.id().value());
      case Change.PutService put -> wire.setPutService(ToWire.service(put.service()));
      case Change.RemoveService remove -> wire.setRemoveService(remove.id().value());
      case Change.PutNetwork put -> wire.setPutNetwork(ToWire.network(put.network()));
      case Change.RemoveNetwork remove -> wire.setRemoveNetwork(remove.id());
      case Change.PutSecret put -> wire.setPutSecret(ToWire.secret(put.secret()));
      case Change.RemoveSecret remove -> wire.setRemoveSecret(remove.id());
      case Change.PutConfig put -> wire.setPutConfig(ToWire.config(put.config()));
      case Change.RemoveConfig remove -> wire.setRemoveConfig(remove.id());
      case Change.CreateTask create -> wire.setCreateTask(StoredTasks.encode(create));
      case Change.AdvanceTask advance -> wire.setAdvanceTask(StoredTasks.encode(advance));
      case Change.AssignTask assign -> wire.setAssignTask(StoredTasks.encode(assign));
      case Change.AttachTask attach -> wire.setAttachTask(StoredTasks.encode(attach));
      case Change.RemoveTask remove -> wire.setRemoveTask(remove.id().value());
    }
    return wire.build();
  }

  private static Change decode(dev.swarm.log.v1.Change wire) {
    return switch (wire.getKindCase()) {
      case PUT_CLUSTER -> new Change.PutCluster(FromWire.cluster(wire.getPutCluster()));
      case PUT_NODE -> new Change.PutNode(Nodes.decode(wire.getPutNode()));
      case REMOVE_NODE -> new Change.RemoveNode(new NodeId(wire.getRemoveNode()));
      case PUT_SERVICE -> new Change.PutService(FromWire.service(wire.getPutService()));
      case REMOVE_SERVICE -> new Change.RemoveService(new ServiceId(wire.getRemoveService()));
      case PUT_NETWORK -> new Change.PutNetwork(FromWire.network(wire.getPutNetwork()));
      case REMOVE_NETWORK -> new Change.RemoveNetwork(wire.getRemoveNetwork());
      case PUT_SECRET -> new Change.PutSecret(FromWire.secret(wire.getPutSecret()));
      case REMOVE_SECRET -> new Change.RemoveSecret(wire.getRemoveSecret());
      case PUT_CONFIG -> new Change.PutConfig(FromWire.config(wire.getPutConfig()));
      case REMOVE_CONFIG -> new Change.RemoveConfig(wire.getRemoveConfig());
      case CREATE_TASK -> StoredTasks.decode(wire.getCreateTask());
      case ADVANCE_TASK -> StoredTasks.decode(wire.getAdvanceTask());
      case ASSIGN_TASK -> StoredTasks.decode(wire.getAssignTask());
      case ATTACH_TASK -> StoredTasks.decode(wire.getAttachTask());
      case REMOVE_TASK -> new Change.RemoveTask(new TaskId(wire.getRemoveTask()));
      case KIND_NOT_SET ->
          throw new UnreadableEntryException(
              "the log has a kind of change that this manager does not know: update it");
    };
  }
}
