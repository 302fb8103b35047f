package dev.swarm.cli.e2e.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program that asks web servers for their root page, in several threads, one request after the
 * other, each to the next server and each once: what fails is not tried again. It runs inside a
 * host, so it is on its own and needs only the JDK.
 *
 * <p>Told by lines: {@code to <address:port>…} names the servers from now on; {@code mark <word>}
 * has it print how often each page was served since the last mark, and how many requests failed.
 */
final class WebLoad {
  private static final int THREADS = 4;
  private static final int ANSWER_MILLIS = 10_000;
  private static final long PAUSE_MILLIS = 5;

  private final AtomicInteger turn = new AtomicInteger();
  private final Map<String, Integer> served = new TreeMap<>();
  private volatile List<String> servers = List.of();
  private int failed;

  private WebLoad() {}

  public static void main(String[] args) throws IOException {
    WebLoad load = new WebLoad();
    for (int i = 0; i < THREADS; i++) {
      Thread.ofPlatform().daemon().start(load::run);
    }
    load.obey();
  }

  private void obey() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      List<String> words = List.of(line.split(" ", -1));
      switch (words.getFirst()) {
        case "to" -> servers = words.subList(1, words.size());
        case "mark" -> mark(words.get(1));
        default -> throw new IllegalArgumentException(line);
      }
    }
  }

  private synchronized void mark(String word) {
    say("mark " + word + " failed=" + failed + " served=" + served);
    served.clear();
    failed = 0;
  }

  private void run() {
    while (true) {
      List<String> now = servers;
      if (!now.isEmpty()) {
        ask(now.get(Math.floorMod(turn.getAndIncrement(), now.size())));
      }
      pause();
    }
  }

  private void ask(String server) {
    try {
      note(page(server));
    } catch (IOException | RuntimeException e) {
      fail(server, e);
    }
  }

  private synchronized void note(String page) {
    served.merge(page, 1, Integer::sum);
  }

  private synchronized void fail(String server, Exception why) {
    failed++;
    say("FAILED " + server + " of " + servers + ": " + why);
  }

  private static String page(String server) throws IOException {
    int colon = server.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.connect(
          new InetSocketAddress(
              server.substring(0, colon), Integer.parseInt(server.substring(colon + 1))),
          ANSWER_MILLIS);
      socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = answer.indexOf("\r\n\r\n");
      if ((!answer.startsWith("HTTP/1.0 200 ") && !answer.startsWith("HTTP/1.1 200 ")) || end < 0) {
        throw new IOException("answered: " + answer);
      }
      return answer.substring(end + 4).strip();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("SystemOut")
  private static void say(String line) {
    System.out.println(line);
  }
}
