package dev.swarm.cli.e2e.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.swarm.cli.e2e.lab.Host;
import dev.swarm.cli.e2e.lab.Output;
import dev.swarm.cli.e2e.lab.Until;
import dev.swarm.core.kernel.DesiredKernel;
import dev.swarm.core.kernel.KernelDifference;
import dev.swarm.core.kernel.NodeFacts;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.MacAddress;
import dev.swarm.core.network.NetworkView;
import dev.swarm.host.ThreadEventLoop;
import dev.swarm.worker.network.KernelException;
import dev.swarm.worker.network.KernelPrograms;
import dev.swarm.worker.network.NetworkKeeper;
import dev.swarm.worker.network.SystemKernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A host whose kernel is kept by the worker's own classes, with containers made of namespaces. */
final class OverlayNode implements AutoCloseable {
  static final int PORT = 80;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Host host;
  private final NodeId id;
  private final ExecutorService pipes = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicReference<Throwable> fault = new AtomicReference<>();
  private final ThreadEventLoop loop;
  private final SystemKernel kernel;
  private final NetworkKeeper keeper;
  private final AtomicLong inPlace = new AtomicLong();
  private final AtomicLong inPlaceSince = new AtomicLong();
  private final SortedMap<String, SortedMap<Ipv4, String>> ports = new TreeMap<>();
  private NodeFacts facts;

  OverlayNode(Host host, NodeId id) throws KernelException {
    this.host = host;
    this.id = id;
    loop = new ThreadEventLoop("networks-" + id, fault::set);
    kernel = new SystemKernel(new KernelPrograms(host.inside(List.of()), pipes));
    keeper =
        new NetworkKeeper(
            loop,
            kernel,
            view -> {
              inPlaceSince.set(System.nanoTime());
              inPlace.set(view.index());
            });
    facts =
        new NodeFacts(id, Ipv4.of(host.address()), 4789, 1500, kernel.settings(), new TreeMap<>());
  }

  Host host() {
    return host;
  }

  NodeId id() {
    return id;
  }

  /**
   * Makes it so, and checks that the kernel then holds exactly that.
   *
   * @return how long it took to make it so
   */
  Duration apply(NetworkView view) {
    long start = System.nanoTime();
    keeper.want(view, facts);
    Until.holds(host + " has view " + view.index(), LIMIT, () -> isInPlace(view.index()));
    Duration took = Duration.ofNanos(inPlaceSince.get() - start);
    assertHolds(view);
    return took;
  }

  private boolean isInPlace(long index) {
    if (fault.get() != null) {
      throw new AssertionError("the keeper failed", fault.get());
    }
    return inPlace.get() == index;
  }

  /** What is read back from the kernel differs in nothing from what it is to hold. */
  void assertHolds(NetworkView view) {
    try {
      assertEquals(
          List.of(),
          KernelDifference.between(
                  kernel.read(facts.namespacePrefix()), new DesiredKernel().of(view, facts))
              .stream()
              .limit(5)
              .toList(),
          host::toString);
    } catch (KernelException e) {
      throw new AssertionError(e);
    }
  }

  boolean holds(NetworkView view) throws KernelException {
    return KernelDifference.between(
            kernel.read(facts.namespacePrefix()), new DesiredKernel().of(view, facts))
        .isEmpty();
  }

  String namespaceOf(String network) {
    return facts.namespaceOf(network);
  }

  /** Says that a container is to be plugged in here, at the next {@link #apply}. */
  void expect(String network, Ipv4 address, String suffix) {
    ports.computeIfAbsent(network, _ -> new TreeMap<>()).put(address, suffix);
    SortedMap<String, SortedMap<Ipv4, String>> copy = new TreeMap<>();
    ports.forEach((name, plugged) -> copy.put(name, new TreeMap<>(plugged)));
    facts = facts.withPorts(copy);
  }

  /** Does with the cable's other end what an engine does. */
  void plug(String container, String suffix, Ipv4 address, String device, int length) {
    if (host.run("ip", "netns", "add", container).succeeded()) {
      host.run("ip", "-n", container, "link", "set", "lo", "up").ok();
    }
    host.run("ip", "link", "set", "swc" + suffix, "netns", container, "name", device).ok();
    inContainer(
            container, "ip", "link", "set", device, "address", MacAddress.of(address).toString())
        .ok();
    inContainer(container, "ip", "addr", "add", address + "/" + length, "dev", device).ok();
    inContainer(container, "ip", "link", "set", device, "up").ok();
  }

  Output inContainer(String container, String... command) {
    List<String> words = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + container, "--"));
    words.addAll(List.of(command));
    return host.run(words.toArray(String[]::new));
  }

  /** The words that run a program of these tests. */
  static List<String> java(Class<?> program) {
    return List.of(
        System.getProperty("java.home") + "/bin/java",
        "-Xmx64m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        program.getProtectionDomain().getCodeSource().getLocation().getPath(),
        program.getName());
  }

  /** Starts the program that tells who called, and waits until it listens. */
  void serve(String container) {
    Path log = host.log(container);
    List<String> command =
        new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + container, "--"));
    command.addAll(java(AddressServer.class));
    command.addAll(List.of(container, Integer.toString(PORT)));
    host.start(command, Map.of(), log);
    Until.holds(container + " listens", LIMIT, () -> Files.readString(log).contains("ready"));
  }

  @Override
  public void close() {
    keeper.close();
    loop.close();
    pipes.close();
  }
}
