package dev.swarm.manager.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FrameMeterProperties {
  private static final long MINUTE = 60_000_000_000L;
  private static final PeerKind.Allowance SMALL =
      new PeerKind.Allowance(5, 10, 3, 4, 5, 40, 1 << 20);

  private static void frame(ByteBuf out, int type, int length) {
    out.writeMedium(length).writeByte(type).writeByte(0).writeInt(1).writeZero(length);
  }

  private static ByteBuf greeting() {
    return Unpooled.buffer().writeZero(FrameMeter.PREFACE_BYTES);
  }

  private static Optional<String> read(FrameMeter meter, ByteBuf all, int piece, long now) {
    Optional<String> excess = Optional.empty();
    while (excess.isEmpty() && all.isReadable()) {
      excess = meter.read(all.readSlice(Math.min(piece, all.readableBytes())), now);
    }
    return excess;
  }

  /** However TLS and TCP cut them, frames are counted the same. */
  @Property
  void whereTheBytesAreCutDoesNotMatter(
      @ForAll @Size(max = 60) List<@IntRange(max = 10) Integer> types,
      @ForAll @IntRange(max = 300) int length,
      @ForAll @IntRange(min = 1, max = 400) int piece) {
    ByteBuf whole = greeting();
    types.forEach(type -> frame(whole, type, length));
    ByteBuf cut = whole.copy();
    Optional<String> atOnce = new FrameMeter(SMALL, 0).read(whole, 0);
    assertEquals(atOnce.isPresent(), read(new FrameMeter(SMALL, 0), cut, piece, 0).isPresent());
  }

  @Example
  void eachKindHasItsBound() {
    assertEquals(Optional.of("calls"), of(1, 11, 5));
    assertEquals(Optional.empty(), of(1, 10, 5));
    assertEquals(Optional.of("calls taken back"), of(3, 4, 4));
    assertEquals(Optional.of("settings"), of(4, 5, 0));
    assertEquals(Optional.of("pings"), of(6, 6, 8));
    assertEquals(Optional.of("frames"), of(0, 41, 0));
    assertEquals(Optional.of("frames"), of(9, 41, 1));
    assertEquals(Optional.of("bytes"), of(0, 300, 4000));
    assertEquals(Optional.empty(), of(0, 200, 4000), "messages are as many as they like");
  }

  private static Optional<String> of(int type, int frames, int length) {
    ByteBuf all = greeting();
    for (int i = 0; i < frames; i++) {
      frame(all, type, length);
    }
    return new FrameMeter(SMALL, 0).read(all, 0);
  }

  @Example
  void aMinuteLaterItBeginsAnew() {
    FrameMeter meter = new FrameMeter(SMALL, 0);
    assertEquals(Optional.empty(), meter.read(greeting(), 0));
    for (int minute = 0; minute < 5; minute++) {
      ByteBuf calls = Unpooled.buffer();
      for (int i = 0; i < 10; i++) {
        frame(calls, 1, 3);
      }
      assertEquals(Optional.empty(), meter.read(calls, minute * MINUTE));
    }
  }
}
