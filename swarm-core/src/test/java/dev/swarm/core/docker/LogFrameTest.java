package dev.swarm.core.docker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.docker.LogFrame.Stream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Docker's multiplexed stream. */
class LogFrameTest {
  private static InputStream stream(int... bytes) {
    byte[] raw = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      raw[i] = (byte) bytes[i];
    }
    return new ByteArrayInputStream(raw);
  }

  private static Optional<LogFrame> read(InputStream in) throws IOException {
    return LogFrame.read(in, LogFrame.BYTES_MAX);
  }

  @Test
  void takesStreamsApart() throws IOException {
    InputStream in = stream(1, 0, 0, 0, 0, 0, 0, 2, 'h', 'i', 2, 0, 0, 0, 0, 0, 0, 1, '!');
    LogFrame out = read(in).orElseThrow();
    assertEquals(Stream.OUT, out.stream());
    assertArrayEquals(new byte[] {'h', 'i'}, out.bytes());
    assertEquals(Stream.ERR, read(in).orElseThrow().stream());
    assertTrue(read(in).isEmpty());
  }

  @Property
  void readsWhatItWrites(@ForAll boolean error, @ForAll byte[] bytes) throws IOException {
    LogFrame frame = new LogFrame(error ? Stream.ERR : Stream.OUT, bytes);
    LogFrame read = read(new ByteArrayInputStream(frame.encoded())).orElseThrow();
    assertEquals(frame.stream(), read.stream());
    assertArrayEquals(bytes, read.bytes());
  }

  @Test
  void tellsTheOtherSidesError() {
    Exception e =
        assertThrows(IOException.class, () -> read(stream(3, 0, 0, 0, 0, 0, 0, 2, 'n', 'o')));
    assertEquals("no", e.getMessage());
  }

  @Test
  void refusesAFrameThatIsCutOrAbsurd() {
    assertThrows(IOException.class, () -> read(stream(1, 0, 0)));
    assertThrows(IOException.class, () -> read(stream(1, 0, 0, 0, 0, 0, 0, 9, 'x')));
    assertThrows(IOException.class, () -> read(stream(1, 0, 0, 0, 0xff, 0, 0, 0)));
    assertThrows(IOException.class, () -> read(stream(9, 0, 0, 0, 0, 0, 0, 0)));
    InputStream two = stream(1, 0, 0, 0, 0, 0, 0, 2, 'h', 'i');
    assertThrows(IOException.class, () -> LogFrame.read(two, 1));
  }
}
