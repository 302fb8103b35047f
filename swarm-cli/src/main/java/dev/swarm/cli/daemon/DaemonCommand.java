package dev.swarm.cli.daemon;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code swarm daemon}: reads its flags and runs until it is told to stop. */
@Command(
    name = "swarm daemon",
    description = "Run a node of a swarm: it serves clients on its socket and runs tasks.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class DaemonCommand implements Callable<Integer> {
  static final String DEFAULT_SOCKET = "unix:///var/run/swarm.sock";

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec =
      CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the node keeps its state (default: ${DEFAULT-VALUE})")
  private Path dataDir = Path.of("/var/lib/swarm");

  @Option(
      names = {"-H", "--host"},
      paramLabel = "URL",
      description = "Socket for clients, repeatable: unix:///path or tcp://127.0.0.1:PORT (default: " + DEFAULT_SOCKET + ")")
  private List<String> hosts = new ArrayList<>();

  @Option(
      names = "--engine",
      paramLabel = "URL",
      description = "Socket of the container engine, or none (default: ${DEFAULT-VALUE})")
  private String engine = "unix:///var/run/docker.sock";

  @Option(
      names = "--runtime",
      paramLabel = "NAME",
      description = "A further runtime to offer, repeatable: process")
  private List<String> runtimes = new ArrayList<>();

  @Option(
      names = "--process-user",
      paramLabel = "USER",
      description = "Whom the process runtime runs as; needed when the daemon is root")
  private String processUser = "";

  @Option(
      names = "--listen-addr",
      paramLabel = "HOST:PORT",
      description = "Where a manager listens unless init says otherwise (default: ${DEFAULT-VALUE})")
  private String listenAddr = "0.0.0.0:2377";

  @Option(
      names = "--swarm-default-advertise-addr",
      paramLabel = "ADDR",
      description = "Address or interface to advertise unless init or join says otherwise")
  private String defaultAdvertiseAddr = "";

  @Option(
      names = "--hostname",
      paramLabel = "NAME",
      description = "What the node calls itself (default: the machine's name)")
  private String hostname = "";

  @Option(
      names = {"-l", "--log-level"},
      paramLabel = "LEVEL",
      description = "debug, info, warn or error (default: ${DEFAULT-VALUE})")
  private String logLevel = "info";

  /** Called by the launcher's main class. */
  public static int run(String[] arguments) {
    return new CommandLine(new DaemonCommand()).execute(arguments);
  }

  @Override
  public Integer call() throws Exception {
    System.setProperty("swarm.log.level", checkedLevel());
    DaemonOptions options = options();
    try (Daemon daemon = Daemon.start(options)) {
      return daemon.awaitEnd();
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("swarm daemon: " + e.getMessage());
      return 1;
    }
  }

  private String checkedLevel() {
    String level = logLevel.toLowerCase(Locale.ROOT);
    if (!List.of("debug", "info", "warn", "error").contains(level)) {
      throw wrong("--log-level is debug, info, warn or error, not " + logLevel);
    }
    return level;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private DaemonOptions options() {
    List<Path> sockets = new ArrayList<>();
    Optional<Integer> port = Optional.empty();
    for (String host : hosts.isEmpty() ? List.of(DEFAULT_SOCKET) : hosts) {
      if (host.startsWith("tcp://")) {
        port = Optional.of(loopbackPort(host));
      } else {
        sockets.add(unixPath("--host", host));
      }
    }
    if (sockets.isEmpty()) {
      throw wrong("--host needs at least one unix:///path");
    }
    for (String runtime : runtimes) {
      if (!runtime.equals("process")) {
        throw wrong("--runtime knows process, not " + runtime);
      }
    }
    return new DaemonOptions(
        dataDir.toAbsolutePath(),
        sockets,
        port,
        engine.equals("none") ? Optional.empty() : Optional.of(unixPath("--engine", engine)),
        runtimes.contains("process"),
        processUser.isEmpty() ? Optional.empty() : Optional.of(processUser),
        listenAddr,
        defaultAdvertiseAddr,
        hostname.isEmpty() ? machineName() : hostname);
  }

  private Path unixPath(String option, String url) {
    String path = url.startsWith("unix://") ? url.substring("unix://".length()) : url;
    if (!path.startsWith("/")) {
      throw wrong(option + " is unix:///an/absolute/path, not " + url);
    }
    return Path.of(path);
  }

  // Whoever reaches the socket is root here; without authentication that must not leave the machine.
  private int loopbackPort(String host) {
    String address = host.substring("tcp://".length());
    int colon = address.lastIndexOf(':');
    String name = colon < 0 ? address : address.substring(0, colon);
    if (!List.of("127.0.0.1", "localhost", "[::1]").contains(name)) {
      throw wrong("--host " + host + " would let anyone on the network be root here: use 127.0.0.1");
    }
    try {
      return Integer.parseInt(address.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw wrong("--host " + host + " has no port");
    }
  }

  private static String machineName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();
    } catch (IOException notLinux) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "localhost";
      }
    }
  }
}
