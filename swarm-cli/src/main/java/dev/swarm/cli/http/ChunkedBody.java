package dev.swarm.cli.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** A body in HTTP/1.1 chunks; trailers are read and dropped. */
final class ChunkedBody extends InputStream {
  private static final int LINE_BYTES_MAX = 8 * 1024;
  private static final int TRAILERS_MAX = 100;

  private final HttpConnection connection;
  private final Duration patience;
  private long left;
  private boolean inChunk;
  private boolean ended;

  ChunkedBody(HttpConnection connection, Duration patience) {
    this.connection = connection;
    this.patience = patience;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0 && !nextChunk()) {
      return -1;
    }
    int count = connection.read(into, offset, (int) Math.min(length, left), patience);
    if (count < 0) {
      throw new EOFException("the daemon closed the connection in the middle of a reply");
    }
    left -= count;
    return count;
  }

  private boolean nextChunk() throws IOException {
    if (ended) {
      return false;
    }
    if (inChunk && !connection.line(LINE_BYTES_MAX, patience).isEmpty()) {
      throw new IOException("the daemon's reply has a malformed chunk");
    }
    String line = connection.line(LINE_BYTES_MAX, patience);
    int end = line.indexOf(';');
    try {
      left = Long.parseLong((end < 0 ? line : line.substring(0, end)).strip(), 16);
    } catch (NumberFormatException e) {
      throw new IOException("the daemon's reply has a malformed chunk", e);
    }
    if (left < 0) {
      throw new IOException("the daemon's reply has a malformed chunk");
    }
    inChunk = true;
    ended = left == 0;
    if (ended) {
      dropTrailers();
    }
    return !ended;
  }

  private void dropTrailers() throws IOException {
    for (int i = 0; i < TRAILERS_MAX; i++) {
      if (connection.line(LINE_BYTES_MAX, patience).isEmpty()) {
        return;
      }
    }
    throw new IOException("the daemon's reply has too many trailers");
  }
}
