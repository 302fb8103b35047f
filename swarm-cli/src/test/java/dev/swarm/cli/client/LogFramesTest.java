package dev.swarm.cli.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class LogFramesTest {
  private static LogFrames frames(int... bytes) {
    byte[] raw = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      raw[i] = (byte) bytes[i];
    }
    return new LogFrames(new ByteArrayInputStream(raw));
  }

  @Test
  void takesStreamsApart() throws IOException {
    LogFrames frames = frames(1, 0, 0, 0, 0, 0, 0, 2, 'h', 'i', 2, 0, 0, 0, 0, 0, 0, 1, '!');
    LogFrames.Frame out = frames.next().orElseThrow();
    assertEquals(LogFrames.Stream.OUT, out.stream());
    assertArrayEquals(new byte[] {'h', 'i'}, out.bytes());
    assertEquals(LogFrames.Stream.ERR, frames.next().orElseThrow().stream());
    assertTrue(frames.next().isEmpty());
  }

  @Test
  void tellsTheDaemonsError() {
    Exception e =
        assertThrows(IOException.class, () -> frames(3, 0, 0, 0, 0, 0, 0, 2, 'n', 'o').next());
    assertEquals("no", e.getMessage());
  }

  @Test
  void refusesAFrameThatIsCutOrAbsurd() {
    assertThrows(IOException.class, () -> frames(1, 0, 0).next());
    assertThrows(IOException.class, () -> frames(1, 0, 0, 0, 0, 0, 0, 9, 'x').next());
    assertThrows(IOException.class, () -> frames(1, 0, 0, 0, 0xff, 0, 0, 0).next());
    assertThrows(IOException.class, () -> frames(9, 0, 0, 0, 0, 0, 0, 0).next());
  }
}
