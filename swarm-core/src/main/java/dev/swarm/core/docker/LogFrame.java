package dev.swarm.core.docker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One piece of output in Docker's multiplexed stream, usually one line with its end: a byte for the
 * stream, three zeros, the length as a big-endian 32-bit number, the bytes. Not for comparing.
 */
@SuppressWarnings("ArrayRecordComponent")
public record LogFrame(Stream stream, byte[] bytes) {
  /** What one may hold for whoever has no narrower bound; engines cut lines at 16 KiB. */
  public static final int BYTES_MAX = 16 * 1024 * 1024;

  private static final int HEADER_BYTES = 8;

  /** What a frame belongs to. */
  public enum Stream {
    IN,
    OUT,
    ERR,
    /** Not output, but what went wrong in the middle of it, in a sentence. */
    SYSTEM_ERROR
  }

  /** As it is on the wire. */
  public byte[] encoded() {
    return ByteBuffer.allocate(HEADER_BYTES + bytes.length)
        .put((byte) stream.ordinal())
        .put(new byte[3])
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  /**
   * The next frame of {@code in}; empty at its end.
   *
   * @param bytesMax what one may hold
   * @throws IOException also when the stream carries the other side's own error
   */
  public static Optional<LogFrame> read(InputStream in, int bytesMax) throws IOException {
    byte[] header = in.readNBytes(HEADER_BYTES);
    if (header.length == 0) {
      return Optional.empty();
    }
    if (header.length < HEADER_BYTES) {
      throw new EOFException("the log stream ends in the middle of a frame");
    }
    long length = Integer.toUnsignedLong(ByteBuffer.wrap(header).getInt(4));
    if (length > bytesMax || header[0] < 0 || header[0] >= Stream.values().length) {
      throw new IOException("the log stream is malformed");
    }
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length) {
      throw new EOFException("the log stream ends in the middle of a frame");
    }
    Stream stream = Stream.values()[header[0]];
    if (stream == Stream.SYSTEM_ERROR) {
      throw new IOException(new String(bytes, StandardCharsets.UTF_8));
    }
    return Optional.of(new LogFrame(stream, bytes));
  }
}
