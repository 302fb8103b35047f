package dev.swarm.cli.node.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The service of the demo: a web server of one page that says which task on which node serves it.
 * Started as {@code WebServer PORT NODE} in a process of its own, from this one class file.
 *
 * <p>The nodes of the demo share one machine and so one set of ports, where real ones have their
 * own. SO_REUSEPORT lets every replica listen on the published port; the kernel spreads the
 * connections.
 */
public final class WebServer implements Runnable {
  private static final int THREADS = 8;
  private static final int BACKLOG = 64;
  private static final int SILENCE_MILLIS_MAX = 2_000;
  private static final int HEAD_LINES_MAX = 100;

  private final Socket socket;
  private final String node;

  private WebServer(Socket socket, String node) {
    this.socket = socket;
    this.node = node;
  }

  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(arguments[0]);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (ServerSocket server = new ServerSocket()) {
      server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
      System.out.println("serving http:/" + server.getLocalSocketAddress() + "/");
      while (true) {
        threads.execute(new WebServer(server.accept(), arguments[1]));
      }
    }
  }

  @Override
  public void run() {
    try (Socket open = socket) {
      open.setSoTimeout(SILENCE_MILLIS_MAX);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(open.getInputStream(), StandardCharsets.ISO_8859_1));
      String request = in.readLine();
      boolean html = false;
      int lines = 0;
      for (String line = request; line != null && !line.isEmpty(); line = in.readLine()) {
        if (++lines > HEAD_LINES_MAX) {
          return;
        }
        String lower = line.toLowerCase(Locale.ROOT);
        html |= lower.startsWith("accept:") && lower.contains("text/html");
      }
      if (request != null) {
        System.out.println(request);
        open.getOutputStream().write(answer(request, html));
      }
    } catch (IOException e) {
      System.err.println("a visitor was lost: " + e.getMessage());
    }
  }

  private byte[] answer(String request, boolean html) {
    boolean page = request.startsWith("GET / ");
    String text = page ? greeting() : "There is only one page here: /";
    String body = html ? html(text) : text + "\n";
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 "
            + (page ? "200 OK" : "404 Not Found")
            + "\r\nContent-Type: "
            + (html ? "text/html" : "text/plain")
            + "; charset=utf-8\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Length: "
            + bytes.length
            + "\r\n\r\n";
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[start.length + bytes.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(bytes, 0, all, start.length, bytes.length);
    return all;
  }

  private String greeting() {
    String task = System.getenv("SWARM_TASK_NAME");
    String id = System.getenv("SWARM_TASK_ID");
    String name =
        task == null || id == null || !task.endsWith("." + id)
            ? "a process outside any swarm"
            : task.substring(0, task.length() - id.length() - 1);
    return "Hello from "
        + name
        + " on "
        + node
        + ", process "
        + ProcessHandle.current().pid()
        + ".";
  }

  /** Loads itself again every second, so that a browser shows the failover as it happens. */
  private static String html(String text) {
    return "<!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=1>"
        + "<title>swarm demo</title><body style=\"font:2em sans-serif;margin:3em\"><p>"
        + text.replace("&", "&amp;").replace("<", "&lt;")
        + "</p></body></html>\n";
  }
}
