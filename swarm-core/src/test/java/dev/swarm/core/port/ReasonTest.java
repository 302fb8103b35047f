package dev.swarm.core.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What is told of a failure has no names of classes in it. */
class ReasonTest {
  @Test
  void theMessageOfWhatReallyHappened() {
    assertEquals("disk full", Reason.of(new IOException("disk full")));
    assertEquals("disk full", Reason.of(new CompletionException(new IOException("disk full"))));
    // That wrapper's own message begins with its cause's class.
    assertEquals("disk full", Reason.of(new IOException(new IOException("disk full"))));
    assertEquals(
        "cannot write: disk full",
        Reason.of(new IOException("cannot write: java.io.IOException: disk full")));
  }

  @Test
  void theKindInWordsWhereThereIsNoMessage() {
    assertEquals("closed channel", Reason.of(new ClosedChannelException()));
    assertEquals("timeout", Reason.of(new CompletionException(new TimeoutException())));
    assertEquals("no such file: /etc/x", Reason.of(new NoSuchFileException("/etc/x")));
    assertEquals("stack overflow", Reason.of(new StackOverflowError()));
    assertEquals("failure", Reason.of(new RuntimeException("") {}));
  }
}
