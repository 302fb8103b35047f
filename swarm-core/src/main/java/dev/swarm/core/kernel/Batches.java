package dev.swarm.core.kernel;

import dev.swarm.core.kernel.Batch.Tool;
import java.util.ArrayList;
import java.util.List;

/** Groups commands into the input of programs: as few runs as the commands' order allows. */
public final class Batches {
  /** What one run is given at most, so that each ends soon. */
  private static final int LINES_MAX = 20_000;

  private record Place(Tool tool, String namespace) {}

  private Batches() {}

  public static List<Batch> of(List<KernelCommand> commands) {
    List<Batch> batches = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    Place open = new Place(Tool.IP, KernelState.HOST);
    for (KernelCommand command : commands) {
      Place place = place(command);
      if (!place.equals(open) || (lines.size() >= LINES_MAX && open.tool != Tool.NFT)) {
        close(open, lines, batches);
        open = place;
      }
      CommandText.write(command, lines);
    }
    close(open, lines, batches);
    return batches;
  }

  private static void close(Place place, List<String> lines, List<Batch> into) {
    if (!lines.isEmpty()) {
      into.add(new Batch(place.tool, place.namespace, lines));
      lines.clear();
    }
  }

  /** Devices are made from the node's own namespace, for most of them have an end there. */
  private static Place place(KernelCommand command) {
    return switch (command) {
      case KernelCommand.AddNamespace _, KernelCommand.DeleteNamespace _, KernelCommand.AddLink _ ->
          new Place(Tool.IP, KernelState.HOST);
      case KernelCommand.PutSetting put -> new Place(Tool.SYSCTL, put.namespace());
      case KernelCommand.SetPort _,
          KernelCommand.PutBridgeRow _,
          KernelCommand.DeleteBridgeRow _,
          KernelCommand.PutTunnelRow _,
          KernelCommand.DeleteTunnelRow _ ->
          new Place(Tool.BRIDGE, command.namespace());
      case KernelCommand.SetLink _,
          KernelCommand.DeleteLink _,
          KernelCommand.AddAddress _,
          KernelCommand.DeleteAddress _,
          KernelCommand.PutNeighbour _,
          KernelCommand.DeleteNeighbour _,
          KernelCommand.PutRoute _,
          KernelCommand.DeleteRoute _,
          KernelCommand.AddRule _,
          KernelCommand.DeleteRule _ ->
          new Place(Tool.IP, command.namespace());
      case KernelCommand.ForgetDatagrams forget -> new Place(Tool.CONNTRACK, forget.namespace());
      case KernelCommand.Nft nft -> new Place(Tool.NFT, nft.namespace());
    };
  }
}
