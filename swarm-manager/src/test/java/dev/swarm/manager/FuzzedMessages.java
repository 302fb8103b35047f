package dev.swarm.manager;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Random;

/** Messages that were in order until somebody meddled with their bytes. */
final class FuzzedMessages {
  private static final int EDITS_MAX = 6;
  private static final int DEEP = 120;

  private final Random dice;

  FuzzedMessages(Random dice) {
    this.dice = dice;
  }

  byte[] meddledWith(byte[] message) {
    byte[] bytes = message;
    for (int edits = 1 + dice.nextInt(EDITS_MAX); edits > 0; edits--) {
      bytes = edited(bytes);
    }
    return bytes;
  }

  private byte[] edited(byte[] bytes) {
    int at = dice.nextInt(bytes.length + 1);
    int to = at + dice.nextInt(bytes.length - at + 1);
    return switch (dice.nextInt(8)) {
      case 0 -> flipped(bytes);
      case 1 -> Arrays.copyOf(bytes, at);
      case 2 -> spliced(bytes, at, random(1 + dice.nextInt(16)), at);
      case 3 -> spliced(bytes, at, new byte[0], to);
      case 4 -> spliced(bytes, to, Arrays.copyOfRange(bytes, at, to), to);
      case 5 -> spliced(bytes, at, varint(number()), Math.min(bytes.length, at + 1));
      case 6 -> spliced(bytes, bytes.length, unknownField(), bytes.length);
      default -> spliced(bytes, bytes.length, groups(), bytes.length);
    };
  }

  private byte[] flipped(byte[] bytes) {
    byte[] flipped = bytes.clone();
    if (bytes.length > 0) {
      flipped[dice.nextInt(bytes.length)] ^= (byte) (1 << dice.nextInt(8));
    }
    return flipped;
  }

  private byte[] random(int count) {
    byte[] bytes = new byte[count];
    dice.nextBytes(bytes);
    return bytes;
  }

  private long number() {
    return switch (dice.nextInt(4)) {
      case 0 -> -1;
      case 1 -> Long.MIN_VALUE;
      case 2 -> 31_556_889_864_403_199L;
      default -> dice.nextLong();
    };
  }

  private static byte[] spliced(byte[] bytes, int before, byte[] more, int after) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, before);
    out.writeBytes(more);
    out.write(bytes, after, bytes.length - after);
    return out.toByteArray();
  }

  private interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  private static byte[] written(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      writing.to(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] varint(long value) {
    return written(out -> out.writeUInt64NoTag(value));
  }

  private byte[] unknownField() {
    byte[] value = random(dice.nextInt(40_000));
    return written(out -> out.writeByteArray(1 + dice.nextInt(30), value));
  }

  /** Nested as deep as a reader goes, or a little deeper. */
  private byte[] groups() {
    int depth = DEEP - dice.nextInt(DEEP / 2);
    return written(
        out -> {
          for (int i = 0; i < depth; i++) {
            out.writeTag(1000, 3);
          }
          for (int i = 0; i < depth; i++) {
            out.writeTag(1000, 4);
          }
        });
  }

  /** Whether a reader can make something of the bytes. */
  static boolean isMessage(Message kind, byte[] bytes) {
    try {
      return kind.getParserForType().parseFrom(bytes) != null;
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }
}
