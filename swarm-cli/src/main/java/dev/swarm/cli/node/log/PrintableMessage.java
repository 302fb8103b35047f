package dev.swarm.cli.node.log;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.swarm.core.text.Printable;

/**
 * Message of a log line, made safe to print: hostnames and errors from nodes and tasks cannot be
 * commands to a terminal.
 */
public final class PrintableMessage extends MessageConverter {
  /** An error is worth a few kilobytes; what is longer is cut. */
  static final int LENGTH_MAX = 4096;

  @Override
  public String convert(ILoggingEvent event) {
    String message = super.convert(event);
    return message.length() <= LENGTH_MAX
        ? Printable.of(message)
        : Printable.of(message.substring(0, LENGTH_MAX))
            + "… ("
            + message.length()
            + " characters)";
  }
}
