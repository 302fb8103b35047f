package dev.swarm.cli.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * A body of known length, or of {@link Long#MAX_VALUE} bytes when only the connection's end ends
 * it.
 */
final class SizedBody extends InputStream {
  private final HttpConnection connection;
  private final Duration patience;
  private long left;

  SizedBody(HttpConnection connection, long length, Duration patience) {
    this.connection = connection;
    this.left = length;
    this.patience = patience;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    if (length == 0) {
      return 0;
    }
    int count = connection.read(into, offset, (int) Math.min(length, left), patience);
    if (count < 0) {
      if (left > Long.MAX_VALUE / 2) {
        left = 0;
        return -1;
      }
      throw new EOFException("the daemon closed the connection in the middle of a reply");
    }
    left -= count;
    return count;
  }
}
