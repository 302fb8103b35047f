package dev.swarm.worker.network;

import dev.swarm.core.kernel.KernelNames;
import dev.swarm.core.kernel.KernelState;
import dev.swarm.core.kernel.Link;
import dev.swarm.core.kernel.Namespace;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Finds the two ends of a cable between the node and a network's namespace. */
final class Uplinks {
  private Uplinks() {}

  /** Those that belong together become uplinks; one alone stays something else. */
  static void match(SortedMap<String, Devices> devices, SortedMap<String, Namespace.Builder> read) {
    Devices.@Nullable Cable outer =
        devices.getOrDefault(KernelState.HOST, Devices.NONE).cables().get(KernelNames.HOST_UPLINK);
    Namespace.Builder host = read.get(KernelState.HOST);
    if (outer == null || host == null) {
      return;
    }
    devices.forEach(
        (name, there) -> {
          Devices.Cable inner = there.cables().get(KernelNames.INNER_UPLINK);
          Namespace.Builder in = read.get(name);
          if (inner != null
              && in != null
              && inner.other() == outer.number()
              && outer.other() == inner.number()) {
            mark(host, KernelNames.HOST_UPLINK, new Link.Uplink(KernelNames.INNER_UPLINK, name));
            mark(
                in,
                KernelNames.INNER_UPLINK,
                new Link.Uplink(KernelNames.HOST_UPLINK, KernelState.HOST));
          }
        });
  }

  private static void mark(Namespace.Builder in, String name, Link.Uplink kind) {
    in.links.computeIfPresent(
        name,
        (_, link) -> new Link(kind, link.mtu(), link.mac(), link.master(), link.port(), link.up()));
  }
}
