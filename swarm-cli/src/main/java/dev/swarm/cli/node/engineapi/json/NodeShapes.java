package dev.swarm.cli.node.engineapi.json;

import docker.swarmkit.v1.EngineDescription;
import docker.swarmkit.v1.ManagerStatus;
import docker.swarmkit.v1.Node;
import docker.swarmkit.v1.NodeCSIInfo;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.NodeStatus;
import docker.swarmkit.v1.NodeTLSInfo;
import docker.swarmkit.v1.PluginDescription;
import docker.swarmkit.v1.Topology;

/** JSON shapes of NodeSpec, and of the node as users see it. */
public final class NodeShapes {
  /** What a client sends to update a node. */
  public static final Shape NODE_SPEC =
      Shape.of(NodeSpec.getDefaultInstance())
          .inline("annotations", CommonShapes.ANNOTATIONS)
          // Left out they would read as worker and active: a manager demoted by a typing error.
          .required("Role", "desired_role")
          .required("Availability", "availability")
          .build();

  private static final Shape ENGINE =
      Shape.of(EngineDescription.getDefaultInstance())
          .field("EngineVersion", "engine_version")
          .field("Labels", "labels")
          .field(
              "Plugins",
              "plugins",
              Shape.of(PluginDescription.getDefaultInstance())
                  .field("Type", "type")
                  .field("Name", "name")
                  .build())
          .build();

  private static final Shape TLS_INFO =
      Shape.of(NodeTLSInfo.getDefaultInstance())
          .field("TrustRoot", "trust_root", Scalar.TEXT)
          .field("CertIssuerSubject", "cert_issuer_subject")
          .field("CertIssuerPublicKey", "cert_issuer_public_key")
          .build();

  private static final Shape CSI_INFO =
      Shape.of(NodeCSIInfo.getDefaultInstance())
          .field("PluginName", "plugin_name")
          .field("NodeID", "node_id")
          .field("MaxVolumesPerNode", "max_volumes_per_node")
          .field(
              "AccessibleTopology",
              "accessible_topology",
              Shape.of(Topology.getDefaultInstance()).field("Segments", "segments").build())
          .build();

  private static final Shape DESCRIPTION =
      Shape.of(NodeDescription.getDefaultInstance())
          .field("Hostname", "hostname")
          .always("Platform", "platform", CommonShapes.PLATFORM)
          .always("Resources", "resources", CommonShapes.RESOURCES)
          .always("Engine", "engine", ENGINE)
          .always("TLSInfo", "tls_info", TLS_INFO)
          .field("CSIInfo", "csi_info", CSI_INFO)
          .build();

  private static final Shape STATUS =
      Shape.of(NodeStatus.getDefaultInstance())
          .always("State", "state")
          .field("Message", "message")
          .field("Addr", "addr")
          .build();

  private static final Shape MANAGER_STATUS =
      Shape.of(ManagerStatus.getDefaultInstance())
          .field("Leader", "leader")
          .always("Reachability", "reachability")
          .field("Addr", "addr")
          .build();

  /** A node; only ever written. */
  public static final Shape NODE =
      Shape.of(Node.getDefaultInstance())
          .always("ID", "id")
          .inline("meta", CommonShapes.META)
          .always("Spec", "spec", NODE_SPEC)
          .always("Description", "description", DESCRIPTION)
          .always("Status", "status", STATUS)
          .field("ManagerStatus", "manager_status", MANAGER_STATUS)
          .build();

  private NodeShapes() {}
}
