package dev.swarm.cli.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * Each thing a stranger may try costs it the connection or the call, and the log a few lines; the
 * manager leads on and takes writes.
 */
@ResourceLock(Resources.SYSTEM_ERR)
class HostileStrangerTest {
  private static final String ROOT = "/docker.swarmkit.v1.CA/GetRootCACertificate";
  private static final String ISSUE = "/docker.swarmkit.v1.NodeCA/IssueNodeCertificate";
  private static final String PUBLISH = "/docker.swarmkit.v1.LogBroker/PublishLogs";
  private static final byte[] CANCEL = ByteBuffer.allocate(4).putInt(8).array();
  private static final int LINES_MAX = 12;

  private @TempDir Path directory = Path.of("");
  private Journal journal = new Journal();
  private Fortress fortress;

  HostileStrangerTest() throws IOException {}

  @BeforeEach
  void build() throws IOException {
    fortress = new Fortress(directory.resolve("manager"));
  }

  @AfterEach
  void end() {
    try {
      fortress.stands();
      List<String> lines = journal.lines();
      assertTrue(lines.size() <= LINES_MAX, () -> String.join("\n", lines));
      assertTrue(lines.stream().noneMatch(line -> line.stripLeading().startsWith("at ")));
    } finally {
      fortress.close();
      journal.close();
    }
  }

  /** Goes on until the other side has had enough, and a bound of its own. */
  private void until(RawPeer peer, int times, Attack attack) {
    try {
      for (int i = 0; i < times; i++) {
        attack.once(2 * i + 1);
      }
    } catch (IOException ended) {
      return; // cut off while it wrote
    }
    peer.expectEnd();
  }

  private interface Attack {
    void once(int stream) throws IOException;
  }

  private RawPeer connect() throws IOException {
    return RawPeer.connect(fortress.port());
  }

  @Test
  void callsTakenBackAtOnce() throws IOException {
    try (RawPeer peer = connect()) {
      until(
          peer,
          20_000,
          stream -> {
            peer.call(stream, ROOT);
            peer.frame(RawPeer.RESET, 0, stream, CANCEL);
          });
    }
  }

  @Test
  void callsThatTheServerIsMadeToTakeBack() throws IOException {
    try (RawPeer peer = connect()) {
      until(
          peer,
          10_000,
          stream -> {
            peer.call(stream, ISSUE);
            peer.frame(RawPeer.WINDOW_UPDATE, 0, stream, new byte[4]);
          });
    }
  }

  @Test
  void settings() throws IOException {
    try (RawPeer peer = connect()) {
      until(peer, 50_000, stream -> peer.frame(RawPeer.SETTINGS, 0, 0, new byte[0]));
    }
  }

  @Test
  void pings() throws IOException {
    try (RawPeer peer = connect()) {
      until(peer, 50_000, stream -> peer.frame(RawPeer.PING, 0, 0, new byte[8]));
    }
  }

  @Test
  void streamsThatStayOpen() throws IOException {
    try (RawPeer peer = connect()) {
      until(peer, 20_000, stream -> peer.call(stream, ISSUE));
    }
  }

  @Test
  void framesOfNoUse() throws IOException {
    try (RawPeer peer = connect()) {
      peer.call(1, ISSUE);
      until(peer, 50_000, stream -> peer.frame(RawPeer.DATA, 0, 1, new byte[0]));
    }
  }

  @Test
  void headersWithoutEnd() throws IOException {
    try (RawPeer peer = connect()) {
      peer.frame(RawPeer.HEADERS, 0, 1, RawPeer.headers(ROOT));
      ByteArrayOutputStream more = new ByteArrayOutputStream();
      RawPeer.literal(more, "x-long", "x".repeat(8000));
      until(peer, 1000, stream -> peer.frame(RawPeer.CONTINUATION, 0, 1, more.toByteArray()));
    }
  }

  @Test
  void messagesWithoutEnd() throws IOException {
    try (RawPeer peer = connect()) {
      peer.call(1, ISSUE);
      peer.message(1, 1 << 30, new byte[0], false);
      until(peer, 1000, stream -> peer.frame(RawPeer.DATA, 0, 1, new byte[8000]));
    }
  }

  /** Each on a connection of its own, as often as one address may in a second, and more. */
  @Test
  void malformedMessagesAndLengths() throws IOException {
    byte[] noise = {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07, 0x12};
    int answered = 0;
    for (int i = 0; i < 100; i++) {
      try (RawPeer peer = connect()) {
        peer.call(1, i % 2 == 0 ? ISSUE : ROOT);
        if (i % 4 < 2) {
          peer.message(1, noise.length, noise, true);
        } else {
          peer.message(1, Integer.MAX_VALUE, noise, true);
        }
        answered += isAnswered(peer, 1) ? 1 : 0;
      } catch (IOException refused) {
        // Too many a second.
      }
    }
    assertTrue(answered > 20, "so many were heard: " + answered);
  }

  private static boolean isAnswered(RawPeer peer, int stream) {
    for (var frame = peer.next(); frame.isPresent(); frame = peer.next()) {
      boolean end =
          frame.get().type() == RawPeer.RESET
              || (frame.get().type() == RawPeer.HEADERS
                  && (frame.get().flags() & RawPeer.END_STREAM) != 0);
      if (frame.get().stream() == stream && end) {
        return true;
      }
    }
    return false;
  }

  @Test
  void malformedLogsAreRefusedLikeAnyCall() throws IOException {
    try (RawPeer peer = connect()) {
      peer.call(1, PUBLISH);
      peer.message(1, 5, new byte[] {(byte) 0xff, (byte) 0xff, 1, 2, 3}, true);
      assertTrue(isAnswered(peer, 1));
    }
  }

  /** Answers that can never be sent. */
  @Test
  void windowsOfNothing() throws IOException {
    byte[] noWindow = ByteBuffer.allocate(6).putShort((short) 4).putInt(0).array();
    try (RawPeer peer = RawPeer.connect(fortress.port(), noWindow)) {
      until(
          peer,
          500,
          stream -> {
            peer.call(stream, ROOT);
            peer.message(stream, 0, new byte[0], true);
          });
    }
  }

  /** Nobody waits for those who say nothing: another stranger is served meanwhile. */
  @Test
  void handshakesThatStayHalfOpen() throws IOException {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        silent.add(RawPeer.silent(fortress.port()));
      }
      fortress.stands();
      int ended = 0;
      for (Socket socket : silent) {
        ended += isEnded(socket) ? 1 : 0;
      }
      assertEquals(silent.size(), ended, "all are ended in the end");
      try (RawPeer peer = connect()) {
        peer.call(1, ROOT);
        peer.message(1, 0, new byte[0], true);
        assertTrue(isAnswered(peer, 1));
      }
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  private static boolean isEnded(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void noiseInPlaceOfTls() throws IOException {
    for (int i = 0; i < 200; i++) {
      try (Socket socket = RawPeer.silent(fortress.port())) {
        socket
            .getOutputStream()
            .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertTrue(isEnded(socket));
      } catch (IOException reset) {
        // As well.
      }
    }
  }
}
