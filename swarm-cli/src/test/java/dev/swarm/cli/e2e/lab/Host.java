package dev.swarm.cli.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A host: network, processes, host name and mounts of its own. Its disk is a directory and survives
 * a loss of power; {@code /run} does not.
 *
 * <p>All its processes live in one process namespace, so killing the first one ends them all,
 * containers included, as a power cut does.
 */
public final class Host {
  private static final Duration BOOT_LIMIT = Duration.ofSeconds(20);

  /** The first process. Fresh directories under /run, so that engines do not meet there. */
  private static final String BOOT =
      """
      hostname "$1" &&
      for dir in docker containerd netns containers libpod runc; do
        mkdir -p /run/$dir && mount -t tmpfs tmpfs /run/$dir || exit 1
      done
      mount --bind "$2" /etc/resolv.conf && ip link set lo up && echo up
      cat >/dev/null
      """;

  private final Lab lab;
  private final int number;
  private final String name;
  private final Path disk;
  private final Engine engine;
  private final Daemon daemon;
  private @Nullable Process power;
  private long firstProcess;

  Host(Lab lab, int number, String name) {
    this.lab = lab;
    this.number = number;
    this.name = name;
    this.disk = lab.directory().resolve("h" + number);
    this.engine = new Engine(this);
    this.daemon = new Daemon(this);
  }

  public String name() {
    return name;
  }

  public String address() {
    return "10.89.0." + number;
  }

  public Path disk() {
    return disk;
  }

  public Lab lab() {
    return lab;
  }

  /** Where output of this host's program goes. */
  public Path log(String program) {
    return lab.records().resolve(name + "." + program + ".log");
  }

  /** A name for control groups that nobody else uses. */
  String group() {
    return lab.directory().getFileName() + "-" + number;
  }

  /** Its stock engine, which may not be running. */
  public Engine engine() {
    return engine;
  }

  /** Its daemon of ours, which may not be running. */
  public Daemon daemon() {
    return daemon;
  }

  /** The {@code docker} client on this host's engine. */
  public Output docker(String... arguments) {
    return engine.docker(arguments);
  }

  /** The {@code swarm} client on this host's daemon. */
  public Output swarm(String... arguments) {
    return daemon.swarm(arguments);
  }

  /** Powers on and plugs in. Programs must be started again. */
  public void powerOn() {
    try {
      Files.createDirectories(disk);
      Path log = log("boot");
      Files.writeString(log, "");
      Process process = Programs.start(boot(), Map.of(), log);
      power = process;
      Until.holds(name + " is up", BOOT_LIMIT, () -> Files.readString(log).contains("up"));
      firstProcess = process.toHandle().children().findFirst().orElseThrow().pid();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String port = port();
    // The same hardware address at every start: neighbours remember it.
    lab.onSwitch(
            "ip",
            "link",
            "add",
            port,
            "type",
            "veth",
            "peer",
            "name",
            "eth0",
            "address",
            "02:89:00:00:00:%02x".formatted(number),
            "netns",
            Long.toString(firstProcess))
        .ok();
    run("ip", "addr", "add", address() + "/24", "dev", "eth0").ok();
    run("ip", "link", "set", "eth0", "up").ok();
    run("ip", "route", "add", "default", "via", "10.89.0.254").ok();
    lab.plugIn(port);
  }

  private List<String> boot() {
    return List.of(
        "unshare",
        "--uts",
        "--mount",
        "--net",
        "--ipc",
        "--pid",
        "--fork",
        "--mount-proc",
        "--kill-child",
        "--propagation",
        "private",
        "sh",
        "-c",
        BOOT,
        "boot",
        name,
        lab.directory().resolve("resolv.conf").toString());
  }

  private String port() {
    return "p" + number;
  }

  /** Ends everything at once. The network goes first: a lost host says no farewell. */
  public void powerOff() {
    Process running = power;
    if (running == null) {
      return;
    }
    power = null;
    lab.onSwitch("ip", "link", "set", port(), "nomaster");
    ProcessHandle.of(firstProcess).ifPresent(ProcessHandle::destroyForcibly);
    try {
      running.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lab.onSwitch("ip", "link", "delete", port());
  }

  /** Loses everything sent to and from this host, which runs on. */
  public void cut() {
    lab.unplug(port());
  }

  public void heal() {
    lab.plugIn(port());
  }

  /** Runs a program in this host. */
  public Output run(String... command) {
    return Programs.run(inside(List.of(command)));
  }

  /** Starts a program in this host; its process is the only child of the one returned. */
  public Process start(List<String> command, Map<String, String> environment, Path log) {
    return Programs.start(inside(command), environment, log);
  }

  /** The words that run a program in this host. */
  public List<String> inside(List<String> command) {
    List<String> words = new ArrayList<>();
    words.addAll(
        List.of("nsenter", "-t", Long.toString(firstProcess), "--mount", "--uts", "--net"));
    words.addAll(List.of("--ipc", "--pid", "--"));
    words.addAll(command);
    return words;
  }

  /** What a web server in this network answers at its root, as this host sees it; or it fails. */
  public String page(Host server, int port) {
    // Not busybox: a static one crashes in name services that other machines configure.
    String get =
        """
        exec 3<>"/dev/tcp/$0/$1" && printf 'GET / HTTP/1.0\r\n\r\n' >&3 && cat <&3
        """;
    String answer =
        run("timeout", "3", "bash", "-c", get, server.address(), Integer.toString(port)).ok();
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  @Override
  public String toString() {
    return name;
  }
}
