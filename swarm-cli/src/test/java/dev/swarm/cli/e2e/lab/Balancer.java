package dev.swarm.cli.e2e.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.transport.DockerHttpClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A load balancer as people build it on the API, under load: whenever the events tell that a task
 * changed, it asks which tasks of the service run and are meant to, and sends requests to those.
 */
public final class Balancer implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final DockerApi api;
  private final String service;
  private final Path log;
  private final Process load;
  private final DockerHttpClient.Response events;
  private final Map<String, String> addresses = new TreeMap<>();
  private final Thread follower;
  private int fewest = Integer.MAX_VALUE;
  private int marks;

  /** What was served since the mark before this one: how often, by page. */
  public record Served(int failed, Map<String, Integer> pages, int fewestServers) {}

  /**
   * @param manager whose API tells of the tasks
   * @param clients the host that the requests come from
   */
  public Balancer(Host manager, Host clients, String service) throws IOException {
    this.service = service;
    api = new DockerApi(manager.daemon().url());
    log = clients.log("load");
    Path classes =
        Path.of(WebLoad.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
    load =
        clients.start(
            List.of(
                java,
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes.toString(),
                WebLoad.class.getName()),
            Map.of(),
            log);
    events =
        api.open(
            "/events?"
                + DockerApi.filters(
                    "{\"type\":[\"task\"],\"label\":[\"service.name=" + service + "\"]}"));
    follower = Thread.ofPlatform().daemon().name("balancer").start(this::follow);
  }

  private void follow() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(events.getBody(), StandardCharsets.UTF_8))) {
      do {
        point();
      } while (awaitChange(lines));
    } catch (IOException e) {
      // Closed: the story is over.
    }
  }

  /** A burst of events is one reason to look, not many. */
  private static boolean awaitChange(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    while (line != null && lines.ready()) {
      line = lines.readLine();
    }
    return line != null;
  }

  private synchronized void point() throws IOException {
    JsonNode tasks =
        api.get(
            "/tasks?"
                + DockerApi.filters(
                    "{\"service\":[\"" + service + "\"],\"desired-state\":[\"running\"]}"));
    List<String> servers = new ArrayList<>();
    for (JsonNode task : tasks) {
      if (task.at("/Status/State").textValue().equals("running")) {
        int port = task.at("/Status/PortStatus/Ports/0/PublishedPort").intValue();
        servers.add(address(task.path("NodeID").textValue()) + ":" + port);
      }
    }
    fewest = Math.min(fewest, servers.size());
    tell("to " + String.join(" ", servers));
  }

  private String address(String node) throws IOException {
    String known = addresses.get(node);
    if (known == null) {
      known = api.get("/nodes/" + node).at("/Status/Addr").textValue();
      addresses.put(node, known);
    }
    return known;
  }

  private synchronized void tell(String line) throws IOException {
    OutputStream to = load.getOutputStream();
    to.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    to.flush();
  }

  /** Ends a part of the story: what was served in it, after checking that no request failed. */
  public Served served() throws IOException {
    Served served = mark();
    assertEquals(
        "",
        String.join(
            "\n", Files.readString(log).lines().filter(l -> l.startsWith("FAILED")).toList()),
        served::toString);
    assertEquals(0, served.failed());
    return served;
  }

  /** The same, once at least one request more was served. */
  public Served servedMore() {
    List<Served> more = new ArrayList<>();
    Until.holds(
        "requests are served",
        LIMIT,
        () -> {
          more.add(served());
          return !more.getLast().pages().isEmpty();
        });
    return more.getLast();
  }

  private Served mark() throws IOException {
    String begin = "mark " + ++marks + " ";
    int fewestServers;
    synchronized (this) {
      fewestServers = fewest;
      fewest = Integer.MAX_VALUE;
      point();
    }
    tell(begin.strip());
    Until.holds(begin, LIMIT, () -> Files.readString(log).contains(begin));
    String line =
        Files.readString(log).lines().filter(l -> l.startsWith(begin)).findFirst().orElseThrow();
    Map<String, Integer> pages = new TreeMap<>();
    String served = line.substring(line.indexOf('{') + 1, line.lastIndexOf('}'));
    for (String page : served.isEmpty() ? List.<String>of() : List.of(served.split(", ", -1))) {
      String[] pair = page.split("=", 2);
      pages.put(pair[0], Integer.parseInt(pair[1]));
    }
    int failed = Integer.parseInt(line.replaceFirst(".*failed=(\\d+) .*", "$1"));
    return new Served(failed, pages, fewestServers);
  }

  @Override
  public void close() {
    try (api;
        events) {
      load.destroy();
      follower.interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
