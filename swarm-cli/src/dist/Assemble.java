import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Completes the distribution around the jars Maven has put into {@code lib}: a Java runtime of the
 * modules we need, the launcher, and the client's start-up cache. Runs on the tool chain's JDK:
 * {@code java Assemble.java <source folder> <distribution>}.
 */
final class Assemble {
  /** What the client and the daemon with all its libraries reach, reflection included. */
  private static final String MODULES =
      String.join(
          ",",
          "java.base",
          "java.compiler",
          "java.desktop",
          "java.instrument",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.security.jgss",
          "java.security.sasl",
          "java.sql",
          "java.xml",
          "jdk.crypto.ec",
          "jdk.jfr",
          "jdk.management",
          "jdk.naming.dns",
          "jdk.net",
          "jdk.unsupported",
          "jdk.zipfs");

  /**
   * How the client's JVM starts fastest: no counters, the cache mapped where it was made,
   * compilation only of what is really hot, reflection without generated code and, where we know
   * its name, the selector without a search. Each was measured on {@code node ls}; together they
   * halve it.
   */
  private static final List<String> CLIENT_OPTIONS =
      Stream.of(
              "-XX:+UseSerialGC",
              "-Xmx512m",
              "-XX:TieredStopAtLevel=1",
              "-XX:CompileThresholdScaling=8",
              "-XX:-UsePerfData",
              "-XX:+UnlockDiagnosticVMOptions",
              "-XX:ArchiveRelocationMode=0",
              "-Djdk.reflect.useNativeAccessorOnly=true",
              System.getProperty("os.name").equals("Linux")
                  ? "-Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider"
                  : "")
          .filter(option -> !option.isEmpty())
          .toList();

  private static final int SECONDS_MAX = 120;

  private Assemble() {}

  public static void main(String[] arguments) throws Exception {
    Path source = Path.of(arguments[0]);
    Path home = Path.of(arguments[1]);
    link(home.resolve("runtime"));
    launcher(source.resolve("swarm"), home);
    train(home);
    trainDaemon(home);
  }

  /** Makes the runtime, unless this JDK has made it already. */
  private static void link(Path runtime) throws IOException {
    Path mark = runtime.resolve("made-by");
    String wanted = Runtime.version() + " " + System.getProperty("java.home") + " " + MODULES;
    if (Files.exists(mark) && Files.readString(mark).equals(wanted)) {
      return;
    }
    delete(runtime);
    ToolProvider jlink =
        ToolProvider.findFirst("jlink")
            .orElseThrow(() -> new IllegalStateException("this JDK has no jlink"));
    int code =
        jlink.run(
            System.out,
            System.err,
            "--add-modules",
            MODULES,
            "--strip-debug",
            "--no-man-pages",
            "--no-header-files",
            "--compress=zip-6",
            "--generate-cds-archive",
            "--output",
            runtime.toString());
    if (code != 0) {
      throw new IllegalStateException("jlink failed with " + code);
    }
    uncomment(runtime.resolve("conf/security/java.security"));
    Files.writeString(mark, wanted);
  }

  /** Every start that opens a socket reads this file; nine tenths of it are comments. */
  private static void uncomment(Path properties) throws IOException {
    List<String> lines = Files.readAllLines(properties, StandardCharsets.ISO_8859_1);
    lines.removeIf(line -> line.isBlank() || line.startsWith("#"));
    Files.write(properties, lines, StandardCharsets.ISO_8859_1);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> paths = Files.walk(folder)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static void launcher(Path template, Path home) throws IOException {
    Path launcher = home.resolve("bin/swarm");
    Files.createDirectories(launcher.getParent());
    String text =
        Files.readString(template)
            .replace("@CLIENT_OPTIONS@", String.join(" ", CLIENT_OPTIONS))
            .replace("@CLIENT_CLASS_PATH@", classPath("$home/lib/client", home));
    Files.writeString(launcher, text);
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** The client's jars by name, ours first: a cache only fits the class path it was made with. */
  private static String classPath(String prefix, Path home) throws IOException {
    try (Stream<Path> jars = Files.list(home.resolve("lib/client"))) {
      List<String> names =
          jars.map(jar -> jar.getFileName().toString())
              .filter(name -> name.endsWith(".jar"))
              .sorted(
                  Comparator.comparing((String name) -> !name.startsWith("swarm"))
                      .thenComparing(name -> name))
              .toList();
      return String.join(":", names.stream().map(name -> prefix + "/" + name).toList());
    }
  }

  /**
   * Lets the client run its commands against a daemon made of cardboard and keeps what it loaded.
   */
  private static void train(Path home) throws Exception {
    Path cache = home.resolve("lib/client.aot");
    Files.deleteIfExists(cache);
    Path folder = Files.createTempDirectory("swarm-train");
    Path socket = folder.resolve("swarm.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread.ofVirtual().start(() -> serve(server));
      List<String> command = new ArrayList<>();
      command.add(home.resolve("runtime/bin/java").toString());
      command.addAll(CLIENT_OPTIONS);
      command.addAll(
          List.of(
              "-XX:AOTCacheOutput=" + cache,
              "-cp",
              classPath(home + "/lib/client", home),
              "dev.swarm.cli.Training",
              "unix://" + socket));
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(folder.resolve("out").toFile())
              .redirectErrorStream(true)
              .start();
      int code = process.waitFor();
      if (code != 0 || !Files.exists(cache)) {
        throw new IllegalStateException(
            "training the client failed with "
                + code
                + ":\n"
                + Files.readString(folder.resolve("out")));
      }
    } finally {
      delete(folder);
    }
  }

  /**
   * Lets a daemon found a swarm, run a process, take in another manager and leave, and keeps what
   * it loaded: the next one starts in half the time. Where that does not work, daemons start slower
   * and the build goes on.
   */
  private static void trainDaemon(Path home) throws Exception {
    Path cache = home.resolve("lib/daemon.aot");
    Files.deleteIfExists(cache);
    Path folder = Files.createTempDirectory("swarm-train");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    Process daemon = daemon(home, folder, "first", "-XX:AOTCacheOutput=" + cache);
    try {
      Path socket = socket(daemon, folder, "first");
      String address = "127.0.0.1:" + freePort();
      client(home, socket, "init", "--advertise-addr", address, "--listen-addr", address);
      client(home, socket, "join-token", "-q", "worker");
      client(
          home,
          socket,
          "service",
          "create",
          "-q",
          "--name",
          "training",
          "--runtime",
          "process",
          "--update-monitor",
          "1s",
          "sleep",
          "1000");
      client(home, socket, "node", "ls");
      client(home, socket, "service", "ls");
      client(home, socket, "service", "ps", "training");
      client(home, socket, "service", "scale", "-d", "training=0");
      client(home, socket, "service", "rm", "training");
      trainManagers(home, folder, socket, address);
      client(home, socket, "leave", "--force");
    } catch (IOException e) {
      System.out.println("Daemons will start slower: " + e.getMessage());
    } finally {
      daemon.destroy();
      // The cache is written at the end.
      if (!daemon.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        daemon.destroyForcibly().waitFor();
      }
      delete(folder);
    }
  }

  private static void trainManagers(Path home, Path folder, Path socket, String address)
      throws Exception {
    client(home, socket, "join-token", "-q", "manager");
    String token = Files.readString(folder.resolve("client.log")).strip();
    Process other = daemon(home, folder, "second", "-Dswarm.home=" + home);
    try {
      Path second = socket(other, folder, "second");
      String own = "127.0.0.1:" + freePort();
      client(
          home,
          second,
          "join",
          "--token",
          token,
          "--advertise-addr",
          own,
          "--listen-addr",
          own,
          address);
      client(home, second, "node", "ls");
      client(home, second, "leave", "--force");
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  private static Path socket(Process daemon, Path folder, String name) throws InterruptedException {
    Path socket = folder.resolve(name + ".sock");
    for (int look = 0; look < 600 && daemon.isAlive() && !Files.exists(socket); look++) {
      Thread.sleep(100);
    }
    return socket;
  }

  /** A daemon as the launcher starts it, with one word more for the JVM. */
  private static Process daemon(Path home, Path folder, String name, String word)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("runtime/bin/java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            word,
            "-cp",
            home + "/lib/daemon/*",
            "dev.swarm.cli.Main",
            "daemon",
            "--data-dir",
            folder.resolve(name).toString(),
            "--host",
            "unix://" + folder.resolve(name + ".sock"),
            "--engine",
            "none",
            "--runtime",
            "process"));
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("--process-user", "nobody"));
    }
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .redirectErrorStream(true)
        .start();
  }

  private static void client(Path home, Path socket, String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/swarm").toString());
    command.addAll(List.of(words));
    Path out = socket.resolveSibling("client.log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectErrorStream(true);
    builder.environment().put("SWARM_HOST", "unix://" + socket);
    Process process = builder.start();
    boolean done = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
    if (!done) {
      process.destroyForcibly();
    }
    if (!done || process.exitValue() != 0) {
      throw new IOException(
          "training stopped at swarm "
              + String.join(" ", words)
              + ": "
              + Files.readString(out).strip());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private static void serve(ServerSocketChannel server) {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        Thread.ofVirtual().start(() -> converse(channel));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void converse(SocketChannel channel) {
    try (channel) {
      for (String request = head(channel); !request.isEmpty(); request = head(channel)) {
        String path = request.split(" ", 3)[1].replaceAll("\\?.*", "");
        byte[] body = answer(path).getBytes(StandardCharsets.UTF_8);
        String head =
            "HTTP/1.1 "
                + (body.length == 0 ? "404 Not Found" : "200 OK")
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length
                + "\r\n\r\n";
        channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        channel.write(ByteBuffer.wrap(body));
      }
    } catch (IOException e) {
      System.err.println("training: " + e);
    }
  }

  /** A request's head, its body read and dropped; empty at the end. */
  private static String head(SocketChannel channel) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (channel.read(one.clear()) > 0) {
      head.write(one.get(0));
      String text = head.toString(StandardCharsets.US_ASCII);
      if (text.endsWith("\r\n\r\n")) {
        int at = text.indexOf("Content-Length: ");
        if (at > 0) {
          int length = Integer.parseInt(text.substring(at + 16, text.indexOf('\r', at)));
          ByteBuffer body = ByteBuffer.allocate(length);
          while (body.hasRemaining() && channel.read(body) > 0) {}
        }
        return text;
      }
    }
    return "";
  }

  private static String answer(String path) {
    String node =
        "{'ID':'n1','Version':{'Index':9},'CreatedAt':'2026-01-01T00:00:00.123Z','Spec':{'Labels':{'a':'b'},"
            + "'Role':'manager','Availability':'active'},'Description':{'Hostname':'h1','Platform':{},"
            + "'Resources':{'NanoCPUs':2000000000},'Engine':{'EngineVersion':'28.0'}},"
            + "'Status':{'State':'ready','Addr':'10.0.0.1'},'ManagerStatus':{'Leader':true,"
            + "'Reachability':'reachable','Addr':'10.0.0.1:2377'}}";
    String service =
        "{'ID':'s1','Version':{'Index':9},'Spec':{'Name':'web','TaskTemplate':{'ContainerSpec':"
            + "{'Image':'nginx:1@sha256:00'},'Placement':{},'ForceUpdate':0},'Mode':{'Replicated':{'Replicas':1}}},"
            + "'Endpoint':{'Ports':[{'Protocol':'tcp','TargetPort':80,'PublishedPort':80,'PublishMode':'ingress'}]},"
            + "'ServiceStatus':{'RunningTasks':1,'DesiredTasks':1},'UpdateStatus':{'State':'completed'}}";
    String task =
        "{'ID':'t1','CreatedAt':'2026-01-01T00:00:00.123456789Z','ServiceID':'s1','Slot':1,'NodeID':'n1',"
            + "'Spec':{'ContainerSpec':{'Image':'nginx:1'}},'DesiredState':'running','Status':"
            + "{'Timestamp':'2026-01-01T00:00:00.123456789Z','State':'running','PortStatus':{}}}";
    Map<String, String> answers = new TreeMap<>();
    answers.put("/info", "{'Swarm':{'NodeID':'n1','ControlAvailable':true}}");
    answers.put("/version", "{'Version':'1','ApiVersion':'1.44'}");
    answers.put(
        "/swarm",
        "{'ID':'c1','Version':{'Index':1},'Spec':{},'JoinTokens':{'Worker':'w','Manager':'m'},"
            + "'TLSInfo':{'TrustRoot':'pem'}}");
    answers.put("/swarm/init", "'n1'");
    answers.put("/swarm/join", "{}");
    answers.put("/swarm/leave", "{}");
    answers.put("/nodes", "[" + node + "]");
    answers.put("/nodes/n1", node);
    answers.put("/nodes/n1/update", "{}");
    answers.put("/services", "[" + service + "]");
    answers.put("/services/create", "{'ID':'s1'}");
    answers.put("/services/s1", service);
    answers.put("/services/web", service);
    answers.put("/services/s1/update", "{}");
    answers.put("/tasks", "[" + task + "," + task + "]");
    answers.put("/tasks/t1", task);

    return answers.getOrDefault(path, "").replace('\'', '"');
  }
}
