package dev.swarm.core.kernel;

import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.MacAddress;
import java.util.Optional;

/**
 * A network device.
 *
 * @param mac where it matters
 * @param master the bridge that it is a port of; empty if of none
 */
public record Link(
    Kind kind, int mtu, Optional<MacAddress> mac, String master, Port port, boolean up) {

  /** What a device is; what of that cannot be changed while it lives. */
  public sealed interface Kind {}

  /** Joins the devices that are its ports. */
  public record Bridge() implements Kind {}

  /**
   * Carries frames to other nodes in UDP.
   *
   * @param local the address they come from
   * @param port of UDP, here and there
   */
  public record Vxlan(int id, Ipv4 local, int port) implements Kind {}

  /**
   * This end of a cable to a container.
   *
   * @param peer the name that the other end has until it is moved; not seen from here, so empty in
   *     what was observed
   */
  public record Veth(String peer) implements Kind {
    @Override
    public boolean equals(Object other) {
      return other instanceof Veth;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  /**
   * One end of the cable between a network's namespace and the node.
   *
   * @param peer the other end's name
   * @param peerNamespace where that is
   */
  public record Uplink(String peer, String peerNamespace) implements Kind {}

  /** Something else in the place of one of ours. */
  public record Other() implements Kind {}

  /**
   * How a bridge treats a port.
   *
   * @param learning whether it remembers who sends through it
   * @param flood whether frames for somebody unknown go there
   * @param hairpin whether a frame may go back where it came from
   */
  public record Port(boolean learning, boolean flood, boolean hairpin) {
    /** Of what is no port. */
    public static final Port NONE = new Port(true, true, false);

    /** Of a container: all is known of it, and it may be its own partner. */
    public static final Port CONTAINER = new Port(false, false, true);

    /** To the other nodes: all is known of them. */
    public static final Port TUNNEL = new Port(false, false, false);
  }

  /** A device that is up, alone. */
  public static Link of(Kind kind, int mtu) {
    return new Link(kind, mtu, Optional.empty(), "", Port.NONE, true);
  }

  public Link withMac(MacAddress newMac) {
    return new Link(kind, mtu, Optional.of(newMac), master, port, up);
  }

  public Link withMaster(String newMaster) {
    return new Link(kind, mtu, mac, newMaster, port, up);
  }

  public Link withPort(Port newPort) {
    return new Link(kind, mtu, mac, master, newPort, up);
  }

  public Link withUp(boolean isUp) {
    return new Link(kind, mtu, mac, master, port, isUp);
  }
}
