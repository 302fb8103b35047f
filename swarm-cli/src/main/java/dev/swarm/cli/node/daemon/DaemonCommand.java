package dev.swarm.cli.node.daemon;

import dev.swarm.cli.node.engineapi.EngineApiServer.Listen;
import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.core.port.Reason;
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
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
  private static final Logger LOG = LoggerFactory.getLogger(DaemonCommand.class);
  static final String DEFAULT_SOCKET = "unix:///var/run/swarm.sock";

  private static final Pattern HOSTNAME = Pattern.compile("[A-Za-z0-9_.-]{1,253}");
  private static final Pattern UNSPECIFIED =
      Pattern.compile("(?:0\\.0\\.0\\.0|\\[::])(?::[0-9]+)?|::|:[0-9]+");
  private static final Pattern LOCAL_POOL =
      Pattern.compile("base=[0-9a-fA-F:.]+/[0-9]{1,3},size=[0-9]{1,3}");

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the node keeps its state (default: ${DEFAULT-VALUE})")
  private Path dataDir = Path.of("/var/lib/swarm");

  @Option(
      names = {"-H", "--host"},
      paramLabel = "URL",
      description =
          "Socket for clients, repeatable: unix:///path or tcp://ADDRESS:PORT (default: "
              + DEFAULT_SOCKET
              + ")")
  private List<String> hosts = new ArrayList<>();

  @Option(
      names = "--tlsverify",
      description =
          "Serve tcp:// hosts with TLS, and only clients with a certificate of --tlscacert")
  private boolean tlsVerify;

  @Option(
      names = "--tlscacert",
      paramLabel = "FILE",
      description = "PEM file of the authority that clients' certificates are from")
  private String tlsCaCert = "";

  @Option(
      names = "--tlscert",
      paramLabel = "FILE",
      description = "PEM file of this daemon's certificate")
  private String tlsCert = "";

  @Option(
      names = "--tlskey",
      paramLabel = "FILE",
      description = "PEM file of the certificate's private key")
  private String tlsKey = "";

  @Option(
      names = "--insecure-tcp",
      description = "Let anyone who reaches a tcp:// host be root on this machine")
  private boolean insecureTcp;

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
      description =
          "Whom all tasks of the process runtime run as; a daemon that is root needs this or"
              + " --process-users")
  private String processUser = "";

  @Option(
      names = "--process-users",
      paramLabel = "FIRST-LAST",
      description =
          "Users by number of which each task of the process runtime gets one to itself, like"
              + " 200000-265535")
  private String processUsers = "";

  @Option(
      names = "--listen-addr",
      paramLabel = "HOST:PORT",
      description =
          "Where a manager listens unless init says otherwise (default: ${DEFAULT-VALUE})")
  private String listenAddr = DaemonOptions.LISTEN_DEFAULT;

  @Option(
      names = "--swarm-default-advertise-addr",
      paramLabel = "ADDR",
      description = "Address or interface to advertise unless init or join says otherwise")
  private String defaultAdvertiseAddr = "";

  @Option(
      names = "--default-address-pool",
      paramLabel = "base=CIDR,size=BITS",
      description =
          "Taken so that dockerd's command lines work, and checked; networks of one machine are the"
              + " engine's: give it the same flag")
  private List<String> localPools = new ArrayList<>();

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
    return NodeCommand.run(new DaemonCommand(), arguments);
  }

  @Override
  public Integer call() throws Exception {
    System.setProperty("swarm.log.level", checkedLevel());
    LibraryLogs.bridge();
    DaemonOptions options = options();
    Daemon daemon;
    try {
      daemon = Daemon.start(options);
    } catch (IOException | RuntimeException e) {
      say(Reason.of(e));
      LOG.debug("the daemon did not start", e);
      return 1;
    }
    return daemon.run(DaemonCommand::say);
  }

  private static void say(String what) {
    System.err.println("swarm daemon: " + what);
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
    Listen listen;
    Optional<Path> engineSocket;
    try {
      listen =
          ListenHosts.parse(
              hosts.isEmpty() ? List.of(DEFAULT_SOCKET) : hosts,
              new ListenHosts.TcpFlags(tlsVerify, tlsCaCert, tlsCert, tlsKey, insecureTcp));
      engineSocket =
          engine.equals("none")
              ? Optional.empty()
              : Optional.of(ListenHosts.unixPath("--engine", engine));
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
    for (String pool : localPools) {
      if (!LOCAL_POOL.matcher(pool).matches()) {
        throw wrong("--default-address-pool " + pool + " must be like base=172.30.0.0/16,size=24");
      }
    }
    for (String runtime : runtimes) {
      if (!runtime.equals("process")) {
        throw wrong("--runtime knows process, not " + runtime);
      }
    }
    if (Files.exists(dataDir) && !Files.isDirectory(dataDir)) {
      throw wrong("--data-dir " + dataDir + " is a file: name a directory, or one to be made");
    }
    if (!hostname.isEmpty() && !HOSTNAME.matcher(hostname).matches()) {
      throw wrong(
          "--hostname is up to 253 letters, digits, '-', '_' and '.', not '" + hostname + "'");
    }
    checkAddress("--listen-addr", listenAddr);
    checkAddress("--swarm-default-advertise-addr", defaultAdvertiseAddr);
    if (UNSPECIFIED.matcher(defaultAdvertiseAddr).matches()) {
      throw wrong(
          "--swarm-default-advertise-addr is what other nodes dial: %s stands for all of them"
              .formatted(defaultAdvertiseAddr));
    }
    return new DaemonOptions(
        dataDir.toAbsolutePath(),
        listen,
        engineSocket,
        processes(),
        listenAddr,
        defaultAdvertiseAddr,
        hostname.isEmpty() ? machineName() : hostname);
  }

  private void checkAddress(String flag, String value) {
    try {
      NodeAddresses.check(value);
    } catch (ApiRejection e) {
      throw wrong(
          flag
              + " is an address of this machine or the name of an interface, with a port or without"
              + " (like 10.0.0.7:2377 or eth0): "
              + e.sentence());
    }
  }

  private Optional<ProcessSetup> processes() {
    if (!runtimes.contains("process")) {
      if (!processUser.isEmpty() || !processUsers.isEmpty()) {
        throw wrong("--process-user and --process-users need --runtime process");
      }
      return Optional.empty();
    }
    try {
      return Optional.of(ProcessSetup.of(processUser, processUsers));
    } catch (IOException | IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
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
