package dev.swarm.core.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A network that spans nodes.
 *
 * @param object the state in wire form; its id and meta are not used, {@code meta} is
 */
public record Network(String id, Meta meta, docker.swarmkit.v1.Network object) {
  public static final String PREDEFINED_LABEL = "com.docker.swarm.predefined";

  /**
   * An option of the driver's state that tells a node to keep the network within itself; without it
   * a node that carries networks alone has no part in one.
   */
  public static final String WITHIN_NODE = "dev.swarm.network.within-node";

  /** The label by which an engine's own network stands for one of the cluster's on its node. */
  public static final String ID_LABEL = "dev.swarm.network.id";

  /** The label of such a network that says what the cluster's driver is. */
  public static final String DRIVER_LABEL = "dev.swarm.network.driver";

  /** The label of such a network that names the node. */
  public static final String NODE_LABEL = "dev.swarm.node.id";

  /** The option that says which VXLANs carry a network, one a subnet. */
  public static final String VXLAN_IDS = "com.docker.network.driver.overlay.vxlanid_list";

  /** The VXLANs that carry it, in the order of its subnets. */
  public List<Integer> vxlanIds() {
    return vxlanIds(object.getDriverState().getOptionsOrDefault(VXLAN_IDS, ""));
  }

  /** The numbers in a list of them; what is none is left out. */
  public static List<Integer> vxlanIds(String list) {
    List<Integer> ids = new ArrayList<>();
    for (String one : list.split(",", -1)) {
      if (one.matches("\\d{1,8}")) {
        ids.add(Integer.parseInt(one));
      }
    }
    return ids;
  }

  public String name() {
    return object.getSpec().getAnnotations().getName();
  }

  public boolean isIngress() {
    return object.getSpec().getIngress();
  }

  /** Whether every engine has it by itself, and it is here only so that services can name it. */
  public boolean isPredefined() {
    return object
        .getSpec()
        .getAnnotations()
        .getLabelsOrDefault(PREDEFINED_LABEL, "")
        .equals("true");
  }

  /** Whether its addresses are given out here; otherwise every node has it for itself. */
  public boolean spansNodes() {
    return object.getDriverState().getName().equals("overlay");
  }

  /** The same, to be kept within one node if it spans nodes. */
  public Network withinNode() {
    if (!spansNodes()) {
      return this;
    }
    docker.swarmkit.v1.Network.Builder marked = object.toBuilder();
    marked.getDriverStateBuilder().putOptions(WITHIN_NODE, "true");
    return withObject(marked.build());
  }

  /** Whether {@code target}, from a spec, is this network's id or name. */
  public boolean isNamedBy(String target) {
    return target.equals(id) || target.equalsIgnoreCase(name());
  }

  public Network withMeta(Meta newMeta) {
    return new Network(id, newMeta, object);
  }

  public Network withObject(docker.swarmkit.v1.Network newObject) {
    return new Network(id, meta, newObject);
  }
}
