package dev.swarm.core.store;

import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Config;
import dev.swarm.core.model.IssuedCertificates;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Secret;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.store.Delta.Changed;
import docker.swarmkit.v1.NodeRole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of changes to a snapshot: the objects, and the indexes that follow from them. */
final class SnapshotEdit {
  private final long index;
  private final Instant at;
  private Optional<Cluster> cluster;
  private final Table.Builder<NodeId, Node> nodes;
  private final Table.Builder<ServiceId, Service> services;
  private final Table.Builder<String, Network> networks;
  private final Table.Builder<String, Secret> secrets;
  private final Table.Builder<String, Config> configs;
  private final Table.Builder<String, ServiceId> servicesByName;
  private final Table.Builder<NodeId, NodeId> down;
  private final Table.Builder<ServiceId, ServiceId> globals;
  private final AddressIndex addresses;
  private final TaskIndex tasks;
  private final TaskEdit edit;
  private Rotation rotation;

  private final List<Changed<Cluster>> changedClusters = new ArrayList<>();
  private final List<Changed<Node>> changedNodes = new ArrayList<>();
  private final List<Changed<Service>> changedServices = new ArrayList<>();
  private final List<Changed<Network>> changedNetworks = new ArrayList<>();
  private final List<Changed<Secret>> changedSecrets = new ArrayList<>();
  private final List<Changed<Config>> changedConfigs = new ArrayList<>();

  SnapshotEdit(Snapshot base, long index, Instant at) {
    this.index = index;
    this.at = at;
    cluster = base.cluster();
    nodes = base.nodes().edit();
    services = base.services().edit();
    networks = base.networks().edit();
    secrets = base.secrets().edit();
    configs = base.configs().edit();
    servicesByName = base.servicesByName().edit();
    down = base.down().edit();
    globals = base.globals().edit();
    rotation = base.rotation();
    addresses = new AddressIndex(base.addresses(), id -> networks.get(id) != null);
    tasks = new TaskIndex(base, at, services, addresses);
    edit = new TaskEdit(at, this::touch, services, nodes, tasks);
  }

  Snapshot.Step apply(List<Change> changes) {
    for (Change change : changes) {
      apply(change);
    }
    return new Snapshot.Step(
        build(),
        new Delta(
            changedClusters,
            changedNodes,
            changedServices,
            tasks.changed(),
            changedNetworks,
            changedSecrets,
            changedConfigs));
  }

  /** Objects as they were stored, their indexes made anew. For an empty base only. */
  Snapshot restore(SnapshotImage image) {
    cluster = image.cluster();
    image.networks().forEach(network -> networks.put(network.id(), network));
    image.secrets().forEach(secret -> secrets.put(secret.id(), secret));
    image.configs().forEach(config -> configs.put(config.id(), config));
    for (Node stored : image.nodes()) {
      Node node = stored.withIssued(issued(null, stored));
      nodes.put(node.id(), node);
      addresses.node(null, node);
      tasks.tasksOn(node.id()).put(node);
      if (node.isDown()) {
        down.put(node.id(), node.id());
      }
    }
    for (Service service : image.services()) {
      services.put(service.id(), service);
      addresses.service(null, service);
      servicesByName.put(service.name(), service.id());
      if (service.mode().isGlobal()) {
        globals.put(service.id(), service.id());
      }
    }
    image.slots().forEach(slot -> tasks.tasksOf(slot.service()).putSlot(slot.slot(), slot.tasks()));
    image.tasks().forEach(task -> tasks.store(null, task));
    for (SnapshotImage.NodeHistory history : image.failures()) {
      tasks.tasksOn(history.node()).restoreFailures(history.failures());
    }
    image.cursors().forEach(cursor -> addresses.restore(cursor.network(), cursor.last()));
    image.removed().forEach(addresses::networkRemoved);
    rotation = image.rotation();
    return build();
  }

  private Snapshot build() {
    return new Snapshot(
        index,
        at,
        cluster,
        nodes.build(),
        services.build(),
        tasks.tasks(),
        networks.build(),
        secrets.build(),
        configs.build(),
        servicesByName.build(),
        tasks.byService(),
        tasks.byNode(),
        tasks.waiting(),
        down.build(),
        globals.build(),
        addresses.build(),
        rotation);
  }

  private void apply(Change change) {
    switch (change) {
      case Change.PutCluster put -> putCluster(put.cluster());
      case Change.PutNode put -> putNode(put.node());
      case Change.RemoveNode remove -> removeNode(remove.id());
      case Change.PutService put -> putService(put.service());
      case Change.RemoveService remove -> removeService(remove.id());
      case Change.PutNetwork put -> {
        Network old = networks.get(put.network().id());
        Network made = put.network().withMeta(touch(old == null ? Meta.NONE : old.meta()));
        networks.put(made.id(), made);
        if (old == null) {
          rotation = rotation.after(made);
          addresses.networkMade(made.id());
        }
        changedNetworks.add(changed(old, made));
      }
      case Change.RemoveNetwork remove -> {
        Network old = networks.remove(remove.id());
        removed(old, changedNetworks);
        if (old != null) {
          addresses.networkRemoved(old);
        }
      }
      case Change.PutSecret put -> {
        Secret old = secrets.get(put.secret().id());
        Secret made = put.secret().withMeta(touch(old == null ? Meta.NONE : old.meta()));
        secrets.put(made.id(), made);
        changedSecrets.add(changed(old, made));
      }
      case Change.RemoveSecret remove -> removed(secrets.remove(remove.id()), changedSecrets);
      case Change.PutConfig put -> {
        Config old = configs.get(put.config().id());
        Config made = put.config().withMeta(touch(old == null ? Meta.NONE : old.meta()));
        configs.put(made.id(), made);
        changedConfigs.add(changed(old, made));
      }
      case Change.RemoveConfig remove -> removed(configs.remove(remove.id()), changedConfigs);
      case Change.CreateTask create -> edit.create(create);
      case Change.AdvanceTask advance -> edit.advance(advance);
      case Change.AssignTask assign -> edit.assign(assign);
      case Change.AttachTask attach -> edit.attach(attach);
      case Change.RemoveTask remove -> edit.remove(remove.id());
    }
  }

  private Meta touch(Meta meta) {
    return meta.touched(index, at.toEpochMilli());
  }

  private static <T> Changed<T> changed(@Nullable T before, @Nullable T after) {
    return new Changed<>(Optional.ofNullable(before), Optional.ofNullable(after));
  }

  private static <T> void removed(@Nullable T old, List<Changed<T>> into) {
    if (old != null) {
      into.add(changed(old, null));
    }
  }

  private void putCluster(Cluster put) {
    Cluster made = put.withMeta(touch(cluster.map(Cluster::meta).orElse(Meta.NONE)));
    changedClusters.add(new Changed<>(cluster, Optional.of(made)));
    cluster = Optional.of(made);
  }

  private void putNode(Node put) {
    Node old = nodes.get(put.id());
    Node made =
        put.withMeta(touch(old == null ? Meta.NONE : old.meta())).withIssued(issued(old, put));
    nodes.put(made.id(), made);
    addresses.node(old, made);
    tasks.tasksOn(made.id()).put(made);
    if (made.isDown()) {
      down.put(made.id(), made.id());
    } else if (old != null && old.isDown()) {
      down.remove(made.id());
    }
    changedNodes.add(changed(old, made));
  }

  /** History: whoever puts a node may have a copy of it that is older than its last certificate. */
  private IssuedCertificates issued(@Nullable Node old, Node put) {
    IssuedCertificates before = old == null ? put.issued() : old.issued();
    boolean same =
        old != null
            && old.certificate().getCertificate().equals(put.certificate().getCertificate());
    IssuedCertificates after = same ? before : before.with(put.certificate(), at);
    return put.role() == NodeRole.MANAGER ? after : after.asOfAWorker();
  }

  private void removeNode(NodeId id) {
    Node old = nodes.remove(id);
    if (old != null) {
      if (old.isDown()) {
        down.remove(id);
      }
      tasks.tasksOn(id).put(null);
      addresses.node(old, null);
      changedNodes.add(changed(old, null));
    }
  }

  private void putService(Service put) {
    Service old = services.get(put.id());
    Service made = put.withMeta(touch(old == null ? Meta.NONE : old.meta()));
    if (old != null && made.template() != old.template()) {
      made = made.keepingTemplate(old.template());
    }
    services.put(made.id(), made);
    addresses.service(old, made);
    rotation = rotation.after(Optional.ofNullable(old), made);
    if (old == null || !old.name().equals(made.name())) {
      if (old != null) {
        servicesByName.remove(old.name());
      }
      servicesByName.put(made.name(), made.id());
    }
    if (made.mode().isGlobal()) {
      globals.put(made.id(), made.id());
    } else if (old != null && old.mode().isGlobal()) {
      globals.remove(made.id());
    }
    if (old != null && old.template() != made.template()) {
      tasks.findOutdated(made);
    }
    changedServices.add(changed(old, made));
  }

  private void removeService(ServiceId id) {
    Service old = services.remove(id);
    if (old != null) {
      servicesByName.remove(old.name());
      globals.remove(id);
      addresses.service(old, null);
      tasks.forgetOutdated(id);
      changedServices.add(changed(old, null));
    }
  }
}
