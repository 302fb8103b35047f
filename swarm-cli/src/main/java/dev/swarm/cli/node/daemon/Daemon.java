package dev.swarm.cli.node.daemon;

import dev.swarm.cli.node.engineapi.EngineApiServer;
import dev.swarm.cli.node.engineapi.proxy.SocketEngine;
import dev.swarm.core.port.Reason;
import dev.swarm.host.SystemClock;
import dev.swarm.manager.RandomIds;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running daemon: the node, and the socket by which clients reach it. */
final class Daemon implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
  private static final Set<StandardOpenOption> LOCK_FILE =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final DaemonEnd end = new DaemonEnd();
  private final FileChannel lock;
  private final SwarmNode node;
  private final EngineApiServer server;

  private Daemon(FileChannel lock, SwarmNode node, EngineApiServer server) {
    this.lock = lock;
    this.node = node;
    this.server = server;
  }

  /** Returns once clients are served: the socket appears when the node's swarm is restored. */
  static Daemon start(DaemonOptions options) throws IOException {
    FileChannel lock = lock(options.dataDir());
    SwarmNode node = new SwarmNode(options);
    @Nullable EngineApiServer server = null;
    try {
      node.restore();
      server =
          EngineApiServer.start(
              options.listen(),
              HostFacts.identity(options.hostname()),
              node,
              node::leader,
              new RandomIds(new SecureRandom()),
              new SystemClock(),
              options.engine().map(socket -> new SocketEngine(socket, new SystemClock())));
    } finally {
      if (server == null) {
        node.close();
        lock.close();
      }
    }
    options.engine().ifPresent(Daemon::warnOfMissing);
    Daemon daemon = new Daemon(lock, node, server);
    Runtime.getRuntime().addShutdownHook(new Thread(daemon::shutDown, "swarm-shutdown"));
    LOG.info("serving on {}", options.listen());
    return daemon;
  }

  private static void warnOfMissing(Path engine) {
    if (!Files.exists(engine)) {
      LOG.warn(
          "there is no engine at {}: this node takes tasks once one is there; name another socket"
              + " with --engine, or none with --engine none",
          engine);
    }
  }

  /** Two daemons on one directory would destroy each other's state. */
  private static FileChannel lock(Path dataDir) throws IOException {
    FileChannel channel = openLock(dataDir);
    @Nullable FileLock held = null;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process; the message below fits.
    }
    if (held == null) {
      channel.close();
      throw new IOException(
          "another daemon uses " + dataDir + ": give this one its own --data-dir");
    }
    return channel;
  }

  private static FileChannel openLock(Path dataDir) throws IOException {
    Path file = dataDir.resolve("daemon.lock");
    try {
      Files.createDirectories(dataDir);
      FileChannel channel = FileChannel.open(file, LOCK_FILE, OWNER_ONLY);
      // Whoever may read a file can lock it; one that an older daemon made may be open to all.
      Files.setPosixFilePermissions(file, OWNER_ONLY.value());
      return channel;
    } catch (IOException e) {
      throw new IOException("--data-dir " + dataDir + " cannot be used: " + Reason.of(e), e);
    }
  }

  /**
   * Waits for SIGTERM or SIGINT, closes everything, and returns the exit code.
   *
   * @param say is told what did not go as it should
   */
  int run(Consumer<String> say) throws InterruptedException {
    return end.awaitAndClose(this, say);
  }

  private void shutDown() {
    // Told to stop, it stopped: without this the JVM says 143 where it is the quicker one.
    Runtime.getRuntime().halt(end.ask());
  }

  @Override
  public void close() throws IOException {
    try {
      server.close();
    } finally {
      try {
        node.close();
      } finally {
        lock.close();
      }
    }
    LOG.info("stopped; tasks keep running");
  }
}
