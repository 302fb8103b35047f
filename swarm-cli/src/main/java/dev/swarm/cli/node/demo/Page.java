package dev.swarm.cli.node.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Fetches the web server's page, as a visitor does. */
record Page(int port) {
  private static final int DEFAULT_PORT = 8080;
  private static final int PATIENCE_MILLIS = 1_000;
  private static final int LENGTH_MAX = 4_096;

  /**
   * @param wanted the port to use, or else a free one
   */
  static Page at(Optional<Integer> wanted) throws DemoFailure {
    if (wanted.isPresent()) {
      if (!isFree(wanted.get())) {
        throw new DemoFailure(
            "port " + wanted.get() + " on 127.0.0.1 is in use: choose another with --port");
      }
      return new Page(wanted.get());
    }
    return new Page(isFree(DEFAULT_PORT) ? DEFAULT_PORT : freePort());
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  static int freePort() throws DemoFailure {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new DemoFailure("there is no free port on 127.0.0.1: " + e.getMessage(), e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + port + "/";
  }

  /** The text of the page. */
  String fetch() throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(url()).toURL().openConnection(java.net.Proxy.NO_PROXY);
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    connection.setRequestProperty("Accept", "text/plain");
    try (InputStream body = connection.getInputStream()) {
      return new String(body.readNBytes(LENGTH_MAX), StandardCharsets.UTF_8).strip();
    }
  }

  /** Whether anyone serves the page now. */
  boolean answers() {
    try {
      return !fetch().isEmpty();
    } catch (IOException nobody) {
      return false;
    }
  }
}
