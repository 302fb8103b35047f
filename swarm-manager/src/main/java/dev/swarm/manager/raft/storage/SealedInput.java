package dev.swarm.manager.raft.storage;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads what {@link SealedOutput} wrote. Ends only after the last frame was seen and opened. */
public final class SealedInput extends InputStream {
  private static final int SEALED_FRAME_BYTES_MAX =
      SealedOutput.FRAME_BYTES + Sealer.OVERHEAD_BYTES;

  private final DataInputStream in;
  private final Sealer sealer;
  private final byte[] identity;
  private final String what;
  private byte[] frame = new byte[0];
  private int position;
  private long frames;
  private boolean last;

  /**
   * @param what names the stream in exceptions
   */
  public SealedInput(InputStream in, Sealer sealer, byte[] identity, String what) {
    this.in = new DataInputStream(in);
    this.sealer = sealer;
    this.identity = identity.clone();
    this.what = what;
  }

  @Override
  public int read() throws IOException {
    return advance() ? frame[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!advance()) {
      return -1;
    }
    int count = Math.min(length, frame.length - position);
    System.arraycopy(frame, position, bytes, offset, count);
    position += count;
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Makes a byte available; false at the end. */
  private boolean advance() throws IOException {
    while (position == frame.length) {
      if (last) {
        return false;
      }
      readFrame();
    }
    return true;
  }

  private void readFrame() throws IOException {
    byte[] sealed = readSealed();
    // Whether a frame is the last is known from where the file ends, and proved by its seal.
    last = atEnd();
    frame = sealer.open(sealed, SealedOutput.context(identity, frames, last), frameName());
    position = 0;
    frames++;
  }

  private byte[] readSealed() throws IOException {
    try {
      int length = in.readInt();
      if (length < Sealer.OVERHEAD_BYTES || length > SEALED_FRAME_BYTES_MAX) {
        throw new UnsealException(what, "frame " + frames + " has an impossible length");
      }
      byte[] sealed = new byte[length];
      in.readFully(sealed);
      return sealed;
    } catch (EOFException e) {
      throw new UnsealException(what, "it ends in frame " + frames);
    }
  }

  private boolean atEnd() throws IOException {
    if (!in.markSupported()) {
      throw new IllegalStateException("needs a stream that can be marked");
    }
    in.mark(1);
    boolean end = in.read() < 0;
    if (!end) {
      in.reset();
    }
    return end;
  }

  private String frameName() {
    return what + ", frame " + frames;
  }
}
