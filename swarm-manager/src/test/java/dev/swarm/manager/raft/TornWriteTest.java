package dev.swarm.manager.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedInputStream;
import dev.swarm.manager.raft.Managers.Manager;
import dev.swarm.manager.raft.RaftOptions.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a loss of power does to the end of the log is mended; anything else is reported. */
class TornWriteTest {
  private static final int SECTOR_BYTES = 512;

  @TempDir Path directory = Path.of("");
  private Managers managers = new Managers(directory, UnaryOperator.identity());
  private Path segment = Path.of("");

  /** Nine short entries and a long one, which is the one that is torn. */
  @BeforeEach
  void write() throws IOException {
    managers = new Managers(directory, UnaryOperator.identity());
    Manager one = managers.found("one");
    for (int i = 0; i < 9; i++) {
      one.propose("entry " + i);
    }
    one.propose("x".repeat(5000));
    managers.stop("one");
    try (Stream<Path> files = Files.walk(managers.home("one"))) {
      segment =
          files.filter(f -> f.toString().contains("log_inprogress")).findFirst().orElseThrow();
    }
  }

  @AfterEach
  void close() {
    managers.close();
  }

  @Test
  void aSectorThatNeverArrived() throws IOException {
    change(
        content -> {
          int sector = (content.length - 2000) / SECTOR_BYTES * SECTOR_BYTES;
          Arrays.fill(content, sector, sector + SECTOR_BYTES, (byte) 0);
          return Arrays.copyOf(content, content.length + 4096);
        });
    assertNineAreLeft();
  }

  @Test
  void anEndThatNeverArrived() throws IOException {
    change(
        content -> {
          int end = (content.length - 1000) / SECTOR_BYTES * SECTOR_BYTES;
          return Arrays.copyOf(Arrays.copyOf(content, end), content.length + 4096);
        });
    assertNineAreLeft();
  }

  @Test
  void aBeginningThatNeverArrived() throws IOException {
    change(
        content -> {
          int start = lastEntry(content);
          int sector = (start / SECTOR_BYTES + 1) * SECTOR_BYTES;
          Arrays.fill(content, start, sector + SECTOR_BYTES, (byte) 0);
          return Arrays.copyOf(content, content.length + 4096);
        });
    assertNineAreLeft();
  }

  @Test
  void aFileThatEndsInTheMiddle() throws IOException {
    change(content -> Arrays.copyOf(content, content.length - 1234));
    assertNineAreLeft();
  }

  @Test
  void aChangedByteIsNoTornWrite() throws IOException {
    change(
        content -> {
          content[content.length - 2000] ^= 1;
          return Arrays.copyOf(content, content.length + 4096);
        });
    var failure = assertThrows(IOException.class, () -> managers.start("one", Start.RESTART));
    assertTrue(failure.toString().contains(segment.toString()), failure.toString());
    assertTrue(failure.toString().contains("after entry 9"), failure.toString());
  }

  @Test
  void aChangedEntryBeforeTheLastIsNoTornWrite() throws IOException {
    change(
        content -> {
          content[400] ^= 1;
          return content;
        });
    assertThrows(IOException.class, () -> managers.start("one", Start.RESTART));
  }

  @Test
  void aChangedLengthIsNoTornWrite() throws IOException {
    change(
        content -> {
          content[8] |= (byte) 0x80;
          content[9] = (byte) 0xff;
          content[10] = 0x7f;
          return content;
        });
    assertThrows(IOException.class, () -> managers.start("one", Start.RESTART));
  }

  private static int lastEntry(byte[] content) {
    try {
      int last = 0;
      for (int at = "RaftLog1".length(); at < content.length; ) {
        last = at;
        var in = CodedInputStream.newInstance(content, at, content.length - at);
        int length = in.readRawVarint32();
        at += in.getTotalBytesRead() + length + 4;
      }
      return last;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertNineAreLeft() throws IOException {
    Manager again = managers.start("one", Start.RESTART);
    again.diary().awaitLeading();
    assertEquals(RatisLogTest.numbered(0, 9), again.diary().entries());
    again.propose("entry 9");
    managers.stop("one");
    Manager once = managers.start("one", Start.RESTART);
    once.diary().awaitLeading();
    assertEquals(RatisLogTest.numbered(0, 10), once.diary().entries());
  }

  private void change(UnaryOperator<byte[]> change) throws IOException {
    Files.write(segment, change.apply(Files.readAllBytes(segment)));
  }
}
