package dev.swarm.cli.node.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LibraryLogsTest {
  @Test
  void whatLibrariesLogElsewhereIsInOurs() {
    LibraryLogs.bridge();
    ListAppender<ILoggingEvent> ours = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger("io.grpc.test");
    ours.start();
    logger.addAppender(ours);
    try {
      java.util.logging.Logger.getLogger("io.grpc.test").warning("something broke");
      assertEquals(
          List.of("something broke"),
          ours.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
    } finally {
      logger.detachAppender(ours);
    }
  }
}
