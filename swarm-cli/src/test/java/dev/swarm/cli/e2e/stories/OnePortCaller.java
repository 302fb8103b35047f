package dev.swarm.cli.e2e.stories;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A program that calls several servers from one port of its own, and prints what each says. */
final class OnePortCaller {
  private static final int PATIENCE_MILLIS = 5_000;

  private OnePortCaller() {}

  /**
   * @param arguments its port, the servers' port, and the servers' addresses
   */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) throws IOException {
    int own = Integer.parseInt(arguments[0]);
    int port = Integer.parseInt(arguments[1]);
    List<Socket> open = new ArrayList<>();
    try {
      for (String server : List.of(arguments).subList(2, arguments.length)) {
        Socket socket = new Socket();
        open.add(socket);
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(own));
        socket.connect(new InetSocketAddress(server, port), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        System.out.println(
            new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                .readLine());
      }
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }
}
