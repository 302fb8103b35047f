package dev.swarm.manager.raft.storage;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes a stream as sealed frames. Each frame is bound to the stream it belongs to, to its place
 * and to being the last one or not, so that a changed, moved, missing or cut-off frame is found.
 * {@link #finish} must be called; {@link #close} alone leaves a stream that does not open.
 */
public final class SealedOutput extends OutputStream {
  static final int FRAME_BYTES = 64 << 10;

  private final DataOutputStream out;
  private final Sealer sealer;
  private final byte[] identity;
  private final byte[] frame = new byte[FRAME_BYTES];
  private int filled;
  private long frames;

  /**
   * @param identity what this stream is: the same bytes open it
   */
  public SealedOutput(OutputStream out, Sealer sealer, byte[] identity) {
    this.out = new DataOutputStream(out);
    this.sealer = sealer;
    this.identity = identity.clone();
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    while (left > 0) {
      if (filled == FRAME_BYTES) {
        writeFrame(false);
      }
      int count = Math.min(left, FRAME_BYTES - filled);
      System.arraycopy(bytes, from, frame, filled, count);
      filled += count;
      from += count;
      left -= count;
    }
  }

  /** Writes the last frame and flushes. */
  public void finish() throws IOException {
    writeFrame(true);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private void writeFrame(boolean last) throws IOException {
    byte[] plain = Arrays.copyOf(frame, filled);
    byte[] sealed = sealer.seal(plain, context(identity, frames++, last));
    out.writeInt(sealed.length);
    out.write(sealed);
    filled = 0;
  }

  static byte[] context(byte[] identity, long frame, boolean last) {
    return ByteBuffer.allocate(identity.length + Long.BYTES + 1)
        .put(identity)
        .putLong(frame)
        .put((byte) (last ? 1 : 0))
        .array();
  }
}
