package dev.swarm.core.codec;

import com.google.protobuf.MessageLite;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskTemplate;
import dev.swarm.core.store.NodeTasks;
import dev.swarm.core.store.ServiceTasks;
import dev.swarm.core.store.SlotTasks;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.store.Table;
import dev.swarm.core.wire.ToWire;
import dev.swarm.log.v1.AddressCursor;
import dev.swarm.log.v1.ImageHeader;
import dev.swarm.log.v1.NodeFailures;
import dev.swarm.log.v1.ServiceRecord;
import dev.swarm.log.v1.SlotRecord;
import dev.swarm.log.v1.TemplateRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a snapshot record by record, so that a big one needs no second copy in memory. Records are
 * in the order of their ids: equal snapshots make equal bytes.
 */
public final class ImageWriter {
  private final OutputStream out;
  private final Map<TaskTemplate, Integer> templates = new IdentityHashMap<>();
  private final java.util.ArrayList<TaskTemplate> templatesInOrder = new java.util.ArrayList<>();

  private ImageWriter(OutputStream out) {
    this.out = out;
  }

  public static void write(Snapshot snapshot, OutputStream out) throws IOException {
    new ImageWriter(out).write(snapshot);
  }

  private void write(Snapshot snapshot) throws IOException {
    List<Service> services = sorted(snapshot.services(), Comparator.comparing(Service::id));
    List<Task> tasks = sorted(snapshot.tasks(), Comparator.comparing(Task::id));
    services.forEach(service -> number(service.template()));
    tasks.forEach(task -> number(task.template()));
    List<NodeTasks> failing =
        snapshot.tasksOn().stream().filter(n -> !n.failures().isEmpty()).toList();
    ImageHeader.Builder header =
        ImageHeader.newBuilder()
            .setFormat(EntryCodec.FORMAT)
            .setSequence(snapshot.index())
            .setAtEpochMillis(snapshot.at().toEpochMilli())
            .setTemplates(templatesInOrder.size())
            .setNodes(snapshot.nodes().size())
            .setServices(services.size())
            .setTasks(tasks.size())
            .setSlots(snapshot.tasksOf().stream().mapToInt(s -> s.slots().size()).sum())
            .setNetworks(snapshot.networks().size())
            .setSecrets(snapshot.secrets().size())
            .setConfigs(snapshot.configs().size())
            .setNodeFailures(failing.size())
            .setAddressCursors(snapshot.addresses().size())
            .setRemovedNetworks(snapshot.removedNetworks().count())
            .setLastSubnet(snapshot.rotation().subnet())
            .setLastVxlanId(snapshot.rotation().vxlanId())
            .setLastPort(snapshot.rotation().port());
    snapshot.cluster().ifPresent(cluster -> header.setCluster(ToWire.cluster(cluster)));
    put(header.build());
    for (TaskTemplate template : templatesInOrder) {
      put(template(template));
    }
    for (var node : sorted(snapshot.nodes(), Comparator.comparing(n -> n.id()))) {
      put(Nodes.encode(node));
    }
    for (Service service : services) {
      put(
          ServiceRecord.newBuilder()
              .setService(ToWire.service(service))
              .setTemplate(number(service.template()))
              .build());
    }
    for (Task task : tasks) {
      put(StoredTasks.encode(task, number(task.template())));
    }
    for (ServiceId service : snapshot.tasksOf().keys().stream().sorted().toList()) {
      putSlots(service, snapshot.tasksOf(service));
    }
    for (var network : sorted(snapshot.networks(), Comparator.comparing(n -> n.id()))) {
      put(ToWire.network(network));
    }
    for (var secret : sorted(snapshot.secrets(), Comparator.comparing(s -> s.id()))) {
      put(ToWire.secret(secret));
    }
    for (var config : sorted(snapshot.configs(), Comparator.comparing(c -> c.id()))) {
      put(ToWire.config(config));
    }
    for (var node : snapshot.tasksOn().keys().stream().sorted().toList()) {
      List<NodeTasks.Failure> failures = snapshot.tasksOn(node).failures();
      if (!failures.isEmpty()) {
        NodeFailures.Builder record = NodeFailures.newBuilder().setNodeId(node.value());
        failures.forEach(
            failure ->
                record.addFailures(
                    NodeFailures.Failure.newBuilder()
                        .setServiceId(failure.service().value())
                        .setSpecVersion(failure.specVersion())
                        .setAtEpochMillis(failure.at().toEpochMilli())));
        put(record.build());
      }
    }
    for (String network : snapshot.addresses().keys().stream().sorted().toList()) {
      put(
          AddressCursor.newBuilder()
              .setNetworkId(network)
              .setLast(snapshot.addressesOf(network).last())
              .build());
    }
    for (var network :
        snapshot.removedNetworks().sorted(Comparator.comparing(n -> n.id())).toList()) {
      put(ToWire.network(network));
    }
  }

  private static <K, V> List<V> sorted(Table<K, V> table, Comparator<V> order) {
    return table.stream().sorted(order).toList();
  }

  private int number(TaskTemplate template) {
    return templates.computeIfAbsent(
        template,
        t -> {
          templatesInOrder.add(t);
          return templatesInOrder.size() - 1;
        });
  }

  private void put(MessageLite record) throws IOException {
    record.writeDelimitedTo(out);
  }

  private static TemplateRecord template(TaskTemplate template) {
    TemplateRecord.Builder record =
        TemplateRecord.newBuilder()
            .setServiceId(template.serviceId().value())
            .setSpecVersion(template.specVersion())
            .setService(template.service())
            .setSpec(template.spec())
            .setEndpoint(template.endpoint());
    template.jobIteration().ifPresent(record::setJobIteration);
    return record.build();
  }

  private void putSlots(ServiceId service, ServiceTasks tasks) throws IOException {
    for (Slot slot : tasks.slots().keys().stream().sorted().toList()) {
      SlotTasks slotTasks =
          tasks.slots().getOrDefault(slot, new SlotTasks(List.of(), List.of(), 0));
      SlotRecord.Builder record =
          SlotRecord.newBuilder()
              .setServiceId(service.value())
              .setReplica(StoredTasks.replica(slot))
              .setSlotNodeId(StoredTasks.slotNode(slot))
              .setRestartVersion(slotTasks.restartVersion());
      slotTasks.tasks().forEach(id -> record.addTaskIds(id.value()));
      slotTasks.restarts().forEach(at -> record.addRestartsEpochMillis(at.toEpochMilli()));
      put(record.build());
    }
  }
}
