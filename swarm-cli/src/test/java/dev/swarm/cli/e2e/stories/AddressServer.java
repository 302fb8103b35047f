package dev.swarm.cli.e2e.stories;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A program that says who called: its name and the client's address, by TCP and UDP. What it is
 * sent by TCP it sends back.
 */
final class AddressServer {
  private AddressServer() {}

  /**
   * @param arguments its name and its port
   */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) throws IOException {
    String name = arguments[0];
    int port = Integer.parseInt(arguments[1]);
    ServerSocket server = new ServerSocket(port);
    DatagramSocket datagrams = new DatagramSocket(port);
    Thread.ofVirtual().start(() -> answer(datagrams, name));
    System.out.println("ready");
    while (true) {
      Socket client = server.accept();
      Thread.ofVirtual().start(() -> serve(client, name));
    }
  }

  private static byte[] line(String name, java.net.InetAddress client) {
    return (name + " " + client.getHostAddress() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void serve(Socket client, String name) {
    try (client) {
      client.getOutputStream().write(line(name, client.getInetAddress()));
      client.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException gone) {
      return;
    }
  }

  private static void answer(DatagramSocket datagrams, String name) {
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        datagrams.receive(packet);
        byte[] line = line(name, packet.getAddress());
        datagrams.send(new DatagramPacket(line, line.length, packet.getSocketAddress()));
      }
    } catch (IOException closed) {
      return;
    }
  }
}
