package dev.swarm.manager.edge;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * Counts the HTTP/2 frames of one connection by type and length, reading nothing else of them,
 * against its peer's allowance. Used on the connection's thread.
 */
final class FrameMeter {
  static final int PREFACE_BYTES = 24;

  private static final long WINDOW_NANOS = 60_000_000_000L;
  private static final int HEADER_BYTES = 9;
  private static final int LENGTH_BYTES = 3;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;

  private final PeerKind.Allowance allowance;
  private long windowNanos;
  private long skip = PREFACE_BYTES;
  private int headerBytes;
  private int length;
  private long bytes;
  private int frames;
  private int calls;
  private int resets;
  private int settings;
  private int pings;

  FrameMeter(PeerKind.Allowance allowance, long nowNanos) {
    this.allowance = allowance;
    windowNanos = nowNanos;
  }

  /**
   * Counts what was read, without taking it.
   *
   * @return what there was too much of
   */
  Optional<String> read(ByteBuf in, long nowNanos) {
    if (nowNanos - windowNanos >= WINDOW_NANOS) {
      windowNanos = nowNanos;
      bytes = frames = calls = resets = settings = pings = 0;
    }
    bytes += in.readableBytes();
    int at = in.readerIndex();
    while (at < in.writerIndex()) {
      if (skip > 0) {
        int skipped = (int) Math.min(skip, in.writerIndex() - at);
        skip -= skipped;
        at += skipped;
      } else {
        header(in.getUnsignedByte(at++));
      }
    }
    return excess();
  }

  private void header(int octet) {
    if (headerBytes < LENGTH_BYTES) {
      length = length << 8 | octet;
    } else if (headerBytes == LENGTH_BYTES) {
      count(octet);
    }
    if (++headerBytes == HEADER_BYTES) {
      skip = length;
      headerBytes = 0;
      length = 0;
    }
  }

  private void count(int type) {
    if (type != DATA || length == 0) {
      frames++;
    }
    switch (type) {
      case HEADERS -> calls++;
      case RESET -> resets++;
      case SETTINGS -> settings++;
      case PING -> pings++;
      default -> {}
    }
  }

  private Optional<String> excess() {
    if (bytes > allowance.bytes()) {
      return Optional.of("bytes");
    }
    if (calls > allowance.calls()) {
      return Optional.of("calls");
    }
    if (resets > allowance.resets()) {
      return Optional.of("calls taken back");
    }
    if (settings > allowance.settings()) {
      return Optional.of("settings");
    }
    if (pings > allowance.pings()) {
      return Optional.of("pings");
    }
    return frames > allowance.frames() ? Optional.of("frames") : Optional.empty();
  }
}
