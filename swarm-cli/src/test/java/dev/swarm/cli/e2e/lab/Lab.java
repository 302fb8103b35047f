package dev.swarm.cli.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Several hosts on one machine, on one network of their own. Needs root, iproute2 and util-linux.
 *
 * <p>The switch is a bridge in a namespace that only a process of ours holds; hosts are namespaces
 * held in the same way. Those processes end when their standard input does, so that nothing but
 * files outlives this JVM, however it ends. Nothing here has a name that another program sees.
 */
public final class Lab implements AutoCloseable {
  private static final String BRIDGE = "br0";

  private final Path directory;
  private final Path records;
  private final Journal journal;
  private final Process wire;
  private final List<Host> hosts = new ArrayList<>();
  private final Thread atExit = new Thread(this::end);

  private Lab(String story) {
    try {
      directory = Files.createTempDirectory("swarm-e2e-");
      Files.writeString(directory.resolve("resolv.conf"), "nameserver 127.0.0.1\n");
      Path target = Path.of(System.getProperty("swarm.e2e.records", "target/e2e"));
      records = target.resolve(story).toAbsolutePath();
      Programs.run(List.of("rm", "-rf", records.toString()));
      journal = Journal.of(story, records);
      wire =
          Programs.start(
              List.of("unshare", "--net", "sh", "-c", "echo up; exec cat >/dev/null"),
              Map.of(),
              records.resolve("switch.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * @param story names the directory of the records
   */
  public static Lab open(String story) {
    Lab lab = new Lab(story);
    Until.holds(
        "the switch is there",
        Duration.ofSeconds(10),
        () -> Files.readString(lab.records.resolve("switch.log")).contains("up"));
    lab.onSwitch("ip", "link", "add", BRIDGE, "type", "bridge").ok();
    lab.onSwitch("ip", "link", "set", BRIDGE, "up").ok();
    return lab;
  }

  /** A new host, powered on, with nothing running. Addresses are counted from 10.89.0.1. */
  public Host host(String name) {
    Host host = new Host(this, hosts.size() + 1, name);
    hosts.add(host);
    host.powerOn();
    return host;
  }

  public Journal journal() {
    return journal;
  }

  public Path directory() {
    return directory;
  }

  /** Where logs go, which stay after the tests. */
  public Path records() {
    return records;
  }

  /** Runs a program in the switch's network. */
  Output onSwitch(String... command) {
    List<String> words =
        new ArrayList<>(List.of("nsenter", "--net=/proc/" + wire.pid() + "/ns/net"));
    words.addAll(List.of(command));
    return Programs.run(words);
  }

  void plugIn(String port) {
    onSwitch("ip", "link", "set", port, "master", BRIDGE).ok();
    onSwitch("ip", "link", "set", port, "up").ok();
  }

  /** Takes a port out: what is sent into it is lost, and neither side is told. */
  void unplug(String port) {
    onSwitch("ip", "link", "set", port, "nomaster").ok();
  }

  /** Powers everything off and deletes its files. */
  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    end();
  }

  private void end() {
    hosts.forEach(Host::powerOff);
    wire.destroyForcibly();
    String groups = directory.getFileName() + "*";
    Programs.run(
        List.of(
            "find",
            "/sys/fs/cgroup",
            "-depth",
            "-type",
            "d",
            "(",
            "-name",
            groups,
            "-o",
            "-path",
            "*/" + groups + "/*",
            ")",
            "-exec",
            "rmdir",
            "{}",
            "+"));
    Programs.run(List.of("rm", "-rf", directory.toString()));
  }
}
