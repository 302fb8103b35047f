package dev.swarm.cli.node.daemon;

import dev.swarm.core.net.HostPort;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Finds the address of this machine that another one sees. */
final class LocalAddress {
  private LocalAddress() {}

  /** The source address that this machine would use towards {@code manager}, with {@code port}. */
  static String towards(HostPort manager, int port) {
    // Connecting a datagram socket sends nothing; it asks the routing table.
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(InetAddress.getByName(manager.host()), manager.port()));
      return new HostPort(socket.getLocalAddress().getHostAddress(), port).toString();
    } catch (IOException e) {
      return "127.0.0.1:" + port; // the node is a worker: nobody dials it
    }
  }
}
