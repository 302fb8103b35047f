package dev.swarm.manager.raft.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Laws of sealing. */
class SealerProperties {
  private static final byte[] CONTEXT = {1, 2, 3};

  private final SecureRandom random = new SecureRandom();
  private final DataKeys keys = DataKeys.create(random);
  private final Sealer sealer = new Sealer(keys, random);

  @Property(tries = 200)
  void whatIsSealedOpens(@ForAll byte[] plain) throws IOException {
    byte[] sealed = sealer.seal(plain, CONTEXT);
    assertEquals(plain.length + Sealer.OVERHEAD_BYTES, sealed.length);
    assertArrayEquals(plain, sealer.open(sealed, CONTEXT, "it"));
    var later = new Sealer(keys.rotated(random), random);
    assertArrayEquals(plain, later.open(sealed, CONTEXT, "it"));
  }

  @Property(tries = 300)
  void nothingThatWasChangedOpens(
      @ForAll @Size(max = 100) byte[] plain, @ForAll @IntRange(max = 10_000) int where) {
    byte[] sealed = sealer.seal(plain, CONTEXT);
    sealed[where % sealed.length] ^= (byte) (1 << (where % 8));
    var failure =
        assertThrows(UnsealException.class, () -> sealer.open(sealed, CONTEXT, "entry 7"));
    assertTrue(failure.toString().contains("entry 7"), failure.toString());
  }

  @Property(tries = 100)
  void nothingOpensElsewhereOrCutOff(
      @ForAll @Size(max = 50) byte[] plain, @ForAll @IntRange(max = 100) int length) {
    byte[] sealed = sealer.seal(plain, CONTEXT);
    assertThrows(UnsealException.class, () -> sealer.open(sealed, new byte[] {1, 2, 3, 4}, "it"));
    byte[] cut = Arrays.copyOf(sealed, Math.min(length, sealed.length - 1));
    assertThrows(UnsealException.class, () -> sealer.open(cut, CONTEXT, "it"));
    var stranger = new Sealer(DataKeys.create(random), random);
    assertThrows(UnsealException.class, () -> stranger.open(sealed, CONTEXT, "it"));
  }

  @Property(tries = 50)
  void streamsOfAnyLengthOpen(
      @ForAll @IntRange(max = 3 * SealedOutput.FRAME_BYTES) int length,
      @ForAll @IntRange(min = 1, max = 100_000) int step)
      throws IOException {
    byte[] plain = pattern(length);
    assertArrayEquals(plain, input(sealed(plain, step)).readAllBytes());
  }

  @Property(tries = 50)
  void streamsCutAtAFrameDoNotOpen(@ForAll @IntRange(min = 1, max = 3) int frames)
      throws IOException {
    int frame = Integer.BYTES + SealedOutput.FRAME_BYTES + Sealer.OVERHEAD_BYTES;
    byte[] sealed = sealed(pattern(3 * SealedOutput.FRAME_BYTES + 10), 1000);
    byte[] cut = Arrays.copyOf(sealed, frames * frame);
    assertThrows(UnsealException.class, () -> input(cut).readAllBytes());
    assertThrows(UnsealException.class, () -> input(new byte[0]).readAllBytes());
  }

  @Property(tries = 100)
  void streamsChangedAnywhereDoNotOpen(@ForAll @IntRange(max = 200_000) int where)
      throws IOException {
    byte[] sealed = sealed(pattern(150_000), 4096);
    sealed[where % sealed.length] ^= 4;
    assertThrows(UnsealException.class, () -> input(sealed).readAllBytes());
  }

  @Example
  void framesCannotChangePlaces() throws IOException {
    int frame = Integer.BYTES + SealedOutput.FRAME_BYTES + Sealer.OVERHEAD_BYTES;
    byte[] sealed = sealed(pattern(3 * SealedOutput.FRAME_BYTES), 4096);
    byte[] swapped = sealed.clone();
    System.arraycopy(sealed, 0, swapped, frame, frame);
    System.arraycopy(sealed, frame, swapped, 0, frame);
    assertThrows(UnsealException.class, () -> input(swapped).readAllBytes());
  }

  @Property(tries = 50)
  void keysSurviveTheirEncodingAndNeverShow(@ForAll @IntRange(min = 0, max = 20) int rotations)
      throws IOException {
    DataKeys many = keys;
    for (int i = 0; i < rotations; i++) {
      many = many.rotated(random);
    }
    byte[] encoded = many.encode();
    assertArrayEquals(encoded, DataKeys.decode(encoded).encode());
    assertFalse(many.toString().contains(hex(many.newest().bytes())));
    assertThrows(
        IOException.class, () -> DataKeys.decode(Arrays.copyOf(encoded, encoded.length - 1)));
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }

  private byte[] sealed(byte[] plain, int step) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new SealedOutput(bytes, sealer, CONTEXT);
    for (int from = 0; from < plain.length; from += step) {
      out.write(plain, from, Math.min(step, plain.length - from));
    }
    out.finish();
    return bytes.toByteArray();
  }

  private SealedInput input(byte[] sealed) {
    return new SealedInput(new ByteArrayInputStream(sealed), sealer, CONTEXT, "a stream");
  }

  private static byte[] pattern(int length) {
    return "0123456789"
        .repeat(length / 10 + 1)
        .substring(0, length)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
