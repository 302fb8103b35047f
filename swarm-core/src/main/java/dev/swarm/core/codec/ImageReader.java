package dev.swarm.core.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Config;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Secret;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskTemplate;
import dev.swarm.core.store.NodeTasks;
import dev.swarm.core.store.Rotation;
import dev.swarm.core.store.SlotTasks;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.store.SnapshotImage;
import dev.swarm.core.wire.FromWire;
import dev.swarm.log.v1.AddressCursor;
import dev.swarm.log.v1.ImageHeader;
import dev.swarm.log.v1.NodeFailures;
import dev.swarm.log.v1.NodeRecord;
import dev.swarm.log.v1.ServiceRecord;
import dev.swarm.log.v1.SlotRecord;
import dev.swarm.log.v1.TaskRecord;
import dev.swarm.log.v1.TemplateRecord;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads what {@link ImageWriter} wrote. */
public final class ImageReader {
  /** No record comes near this: what an entry brought in has at most 2 MiB. */
  private static final int RECORD_BYTES_MAX = 64 << 20;

  private final InputStream in;
  private final StoredTasks.Reader taskReader = new StoredTasks.Reader();

  private ImageReader(InputStream in) {
    this.in = in;
  }

  public static Snapshot read(InputStream in) throws IOException {
    return new ImageReader(in).read();
  }

  private Snapshot read() throws IOException {
    ImageHeader header = next(ImageHeader.parser());
    if (header.getFormat() > EntryCodec.FORMAT) {
      throw new IOException(
          "the snapshot has format "
              + header.getFormat()
              + ", this manager reads up to "
              + EntryCodec.FORMAT
              + ": update it");
    }
    Optional<Cluster> cluster =
        header.hasCluster() ? Optional.of(FromWire.cluster(header.getCluster())) : Optional.empty();
    List<TaskTemplate> templates = new ArrayList<>();
    for (TemplateRecord record : many(header.getTemplates(), TemplateRecord.parser())) {
      templates.add(
          TaskTemplate.of(
                  new ServiceId(record.getServiceId()),
                  record.getSpecVersion(),
                  record.getService(),
                  record.getSpec(),
                  record.getEndpoint())
              .withJobIteration(
                  record.hasJobIteration()
                      ? OptionalLong.of(record.getJobIteration())
                      : OptionalLong.empty()));
    }
    List<Node> nodes = new ArrayList<>();
    for (NodeRecord record : many(header.getNodes(), NodeRecord.parser())) {
      nodes.add(Nodes.decode(record));
    }
    List<Service> services = new ArrayList<>();
    for (ServiceRecord record : many(header.getServices(), ServiceRecord.parser())) {
      services.add(
          FromWire.service(record.getService()).withTemplate(templates.get(record.getTemplate())));
    }
    List<Task> tasks = new ArrayList<>();
    for (long i = 0; i < header.getTasks(); i++) {
      tasks.add(taskReader.decode(next(TaskRecord.parser()), templates));
    }
    List<SnapshotImage.SlotHistory> slots = new ArrayList<>();
    for (long i = 0; i < header.getSlots(); i++) {
      slots.add(slot(next(SlotRecord.parser())));
    }
    List<Network> networks = new ArrayList<>();
    for (var wire : many(header.getNetworks(), docker.swarmkit.v1.Network.parser())) {
      networks.add(FromWire.network(wire));
    }
    List<Secret> secrets = new ArrayList<>();
    for (var wire : many(header.getSecrets(), docker.swarmkit.v1.Secret.parser())) {
      secrets.add(FromWire.secret(wire));
    }
    List<Config> configs = new ArrayList<>();
    for (var wire : many(header.getConfigs(), docker.swarmkit.v1.Config.parser())) {
      configs.add(FromWire.config(wire));
    }
    List<SnapshotImage.NodeHistory> failures = new ArrayList<>();
    for (NodeFailures record : many(header.getNodeFailures(), NodeFailures.parser())) {
      failures.add(failures(record));
    }
    List<SnapshotImage.Cursor> cursors = new ArrayList<>();
    for (AddressCursor record : many(header.getAddressCursors(), AddressCursor.parser())) {
      cursors.add(new SnapshotImage.Cursor(record.getNetworkId(), record.getLast()));
    }
    List<Network> removed = new ArrayList<>();
    for (var wire : many(header.getRemovedNetworks(), docker.swarmkit.v1.Network.parser())) {
      removed.add(FromWire.network(wire));
    }
    return new SnapshotImage(
            header.getSequence(),
            Instant.ofEpochMilli(header.getAtEpochMillis()),
            cluster,
            nodes,
            services,
            tasks,
            slots,
            networks,
            secrets,
            configs,
            failures,
            cursors,
            removed,
            new Rotation(header.getLastSubnet(), header.getLastVxlanId(), header.getLastPort()))
        .toSnapshot();
  }

  private <M extends MessageLite> List<M> many(long count, Parser<M> parser) throws IOException {
    List<M> records = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      records.add(next(parser));
    }
    return records;
  }

  // Read by hand: protobuf takes a message cut off between two of its fields for a whole one.
  private <M extends MessageLite> M next(Parser<M> parser) throws IOException {
    int first = in.read();
    if (first < 0) {
      throw new EOFException("the snapshot ends too early");
    }
    int size = CodedInputStream.readRawVarint32(first, in);
    if (size < 0 || size > RECORD_BYTES_MAX) {
      throw new IOException("the snapshot is damaged: a record of " + size + " bytes");
    }
    byte[] record = in.readNBytes(size);
    if (record.length < size) {
      throw new EOFException("the snapshot ends too early");
    }
    return parser.parseFrom(record);
  }

  private static SnapshotImage.SlotHistory slot(SlotRecord record) {
    return new SnapshotImage.SlotHistory(
        new ServiceId(record.getServiceId()),
        StoredTasks.slot(record.getReplica(), record.getSlotNodeId()),
        new SlotTasks(
            record.getTaskIdsList().stream().map(TaskId::new).toList(),
            record.getRestartsEpochMillisList().stream().map(Instant::ofEpochMilli).toList(),
            record.getRestartVersion()));
  }

  private static SnapshotImage.NodeHistory failures(NodeFailures record) {
    return new SnapshotImage.NodeHistory(
        new NodeId(record.getNodeId()),
        record.getFailuresList().stream()
            .map(
                f ->
                    new NodeTasks.Failure(
                        new ServiceId(f.getServiceId()),
                        f.getSpecVersion(),
                        Instant.ofEpochMilli(f.getAtEpochMillis())))
            .toList());
  }
}
