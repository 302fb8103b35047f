package dev.swarm.cli.hostile;

import dev.swarm.core.pki.TlsContexts;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client that writes HTTP/2 frames as it likes, over TLS without a certificate. */
final class RawPeer implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RESET = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GO_AWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;

  private static final int READ_MILLIS_MAX = 20_000;
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final SSLSocket socket;
  private final OutputStream out;
  private final DataInputStream in;

  /** What the other side sent. */
  record Frame(int type, int flags, int stream, byte[] payload) {}

  private RawPeer(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.out = socket.getOutputStream();
    this.in = new DataInputStream(socket.getInputStream());
  }

  /** Connected and greeted, with the given settings of the connection's own. */
  static RawPeer connect(InetAddress manager, int port, byte[] settings) throws IOException {
    SSLSocket socket =
        (SSLSocket) TlsContexts.unverified().getSocketFactory().createSocket(manager, port);
    try {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(READ_MILLIS_MAX);
      socket.startHandshake();
      RawPeer peer = new RawPeer(socket);
      peer.out.write(PREFACE);
      peer.frame(SETTINGS, 0, 0, settings);
      return peer;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** The same on this machine. */
  static RawPeer connect(int port, byte[] settings) throws IOException {
    return connect(InetAddress.getLoopbackAddress(), port, settings);
  }

  static RawPeer connect(int port) throws IOException {
    return connect(port, new byte[0]);
  }

  /** A connection on which nothing is said, not even a greeting. */
  static Socket silent(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(READ_MILLIS_MAX);
    return socket;
  }

  void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    header(payload.length, type, flags, stream);
    out.write(payload);
  }

  /** A frame's header alone, whatever follows. */
  void header(int length, int type, int flags, int stream) throws IOException {
    out.write(
        ByteBuffer.allocate(9).putInt(length << 8 | type).put((byte) flags).putInt(stream).array());
  }

  /** Begins a call of a method. */
  void call(int stream, String path) throws IOException {
    frame(HEADERS, END_HEADERS, stream, headers(path));
  }

  /** One gRPC message, whose length may be a lie. */
  void message(int stream, int length, byte[] bytes, boolean last) throws IOException {
    byte[] framed =
        ByteBuffer.allocate(5 + bytes.length).put((byte) 0).putInt(length).put(bytes).array();
    frame(DATA, last ? END_STREAM : 0, stream, framed);
  }

  static byte[] headers(String path) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    literal(block, ":method", "POST");
    literal(block, ":scheme", "https");
    literal(block, ":path", path);
    literal(block, ":authority", "swarm-manager");
    literal(block, "content-type", "application/grpc");
    literal(block, "te", "trailers");
    return block.toByteArray();
  }

  /** A header field, not indexed and not compressed. */
  static void literal(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    string(block, name);
    string(block, value);
  }

  private static void string(ByteArrayOutputStream block, String text) {
    int length = text.length();
    if (length < 127) {
      block.write(length);
    } else {
      block.write(127);
      for (length -= 127; length >= 128; length >>= 7) {
        block.write((length & 127) | 128);
      }
      block.write(length);
    }
    block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** The next frame; empty at the end of the connection, however it comes. */
  Optional<Frame> next() {
    try {
      int head = in.readInt();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      byte[] payload = new byte[head >>> 8];
      in.readFully(payload);
      return Optional.of(new Frame(head & 0xff, flags, stream, payload));
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the connection is still open, and silent", e);
    } catch (IOException ended) {
      return Optional.empty();
    }
  }

  /** Reads until the other side ends the connection; fails if it stays open. */
  void expectEnd() {
    while (next().isPresent()) {
      // Whatever it still has to say.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
