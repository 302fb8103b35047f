package dev.swarm.cli.daemon;

import dev.swarm.worker.identity.ManagerAddress;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The address of this machine that another one sees. */
final class LocalAddress {
  private LocalAddress() {}

  /** The source address that this machine would use towards {@code manager}, with {@code port}. */
  static String towards(ManagerAddress manager, int port) {
    // Connecting a datagram socket sends nothing; it asks the routing table.
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(InetAddress.getByName(manager.host()), manager.port()));
      String host = socket.getLocalAddress().getHostAddress();
      return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    } catch (IOException e) {
      return "127.0.0.1:" + port; // the node is a worker: nobody dials it
    }
  }
}
