package dev.swarm.cli.node.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.swarm.core.text.Printable;

/**
 * Stack below a log line. All of it is indented, so that the message of an exception cannot look
 * like a line of the log.
 */
public final class PrintableThrowable extends ThrowableProxyConverter {
  @Override
  public String convert(ILoggingEvent event) {
    String stack = super.convert(event);
    return stack.isEmpty()
        ? stack
        : Printable.lines(stack).indent(2).replace(System.lineSeparator(), "\n");
  }
}
