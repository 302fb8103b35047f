package dev.swarm.core.loop;

import dev.swarm.core.allocator.AttachmentController;
import dev.swarm.core.allocator.BootstrapKeyController;
import dev.swarm.core.orchestrator.NodeController;
import dev.swarm.core.orchestrator.ServiceController;
import dev.swarm.core.orchestrator.SlotController;
import dev.swarm.core.plan.Controller;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.scheduler.WaitingController;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The list of a manager's controllers, by which the one for a key is found. */
public final class Controllers implements Rules {
  /** The one list: whoever is on it is asked. A new leader looks at their keys in this order. */
  public static final Controllers ALL =
      new Controllers(
          List.of(
              new BootstrapKeyController(),
              new NodeController(),
              new ServiceController(),
              new SlotController(),
              new WaitingController(),
              new AttachmentController()));

  private final List<Controller<?>> list;
  private final Map<Class<?>, Controller<?>> byKey = new HashMap<>();

  public Controllers(List<Controller<?>> list) {
    this.list = List.copyOf(list);
    for (Controller<?> controller : list) {
      if (byKey.put(controller.keys(), controller) != null) {
        throw new IllegalArgumentException("two controllers look at " + controller.keys());
      }
    }
  }

  /** The controllers, in their order. */
  public List<Controller<?>> list() {
    return list;
  }

  @Override
  public Stream<Key> all(Snapshot snapshot) {
    return list.stream().flatMap(controller -> controller.all(snapshot));
  }

  @Override
  public void wake(Snapshot now, Delta delta, Consumer<? super Key> wake) {
    for (Controller<?> controller : list) {
      controller.wake(now, delta, wake);
    }
  }

  @Override
  public Plan reconcile(Snapshot snapshot, Key key, Instant now) {
    Controller<?> controller = byKey.get(key.getClass());
    if (controller == null) {
      throw new IllegalArgumentException("no controller looks at " + key);
    }
    return reconcile(controller, snapshot, key, now);
  }

  private static <K extends Key> Plan reconcile(
      Controller<K> controller, Snapshot snapshot, Key key, Instant now) {
    return controller.reconcile(snapshot, controller.keys().cast(key), now);
  }
}
