package dev.swarm.cli.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Takes Docker's multiplexed stream apart: an 8-byte header (stream, length), then the bytes. */
public final class LogFrames {
  /** What one frame may hold; engines cut log lines at 16 KiB. */
  public static final int FRAME_BYTES_MAX = 16 * 1024 * 1024;

  private static final int HEADER_BYTES = 8;

  /** The streams a frame may belong to. */
  public enum Stream {
    OUT,
    ERR
  }

  /** One piece of output, usually one line with its end; not for comparing. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Frame(Stream stream, byte[] bytes) {}

  private final InputStream in;

  public LogFrames(InputStream in) {
    this.in = in;
  }

  /**
   * The next frame, or empty at the end.
   *
   * @throws IOException also when the stream carries the daemon's own error
   */
  public Optional<Frame> next() throws IOException {
    byte[] header = in.readNBytes(HEADER_BYTES);
    if (header.length == 0) {
      return Optional.empty();
    }
    if (header.length < HEADER_BYTES) {
      throw new EOFException("the log stream ends in the middle of a frame");
    }
    long length = 0;
    for (int i = 4; i < HEADER_BYTES; i++) {
      length = (length << 8) | (header[i] & 0xff);
    }
    if (length > FRAME_BYTES_MAX || header[0] < 0 || header[0] > 3) {
      throw new IOException("the log stream is malformed");
    }
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length) {
      throw new EOFException("the log stream ends in the middle of a frame");
    }
    return switch (header[0]) {
      case 2 -> Optional.of(new Frame(Stream.ERR, bytes));
      case 3 -> throw new IOException(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
      default -> Optional.of(new Frame(Stream.OUT, bytes));
    };
  }
}
