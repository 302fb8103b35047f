package dev.swarm.cli.node.daemon;

import dev.swarm.cli.node.demo.Demo;
import dev.swarm.cli.node.demo.Narrator;
import dev.swarm.cli.terminal.Sleeper;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code swarm demo}: a swarm of three daemons on this machine, and the story of a failover. */
@Command(
    name = "swarm demo",
    description = {
      "Start a swarm of three daemons on this machine, without root or Docker, run a small web"
          + " server on it, switch one node off and watch the swarm repair itself.",
      "Takes less than a minute and removes everything afterwards, also on Ctrl-C."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class DemoCommand implements Callable<Integer> {
  private static final int PORT_MAX = 65_535;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(names = "--keep", description = "Leave the swarm running after the story, until Ctrl-C")
  private boolean keep;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "Where the web server is published on 127.0.0.1 (default: 8080, or a free port)")
  private Optional<Integer> port = Optional.empty();

  /** Called by the launcher's main class. */
  public static int run(String[] arguments) {
    return NodeCommand.run(new DemoCommand(), arguments);
  }

  @Override
  public Integer call() throws InterruptedException {
    if (port.isPresent() && (port.get() < 1 || port.get() > PORT_MAX)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--port is a number from 1 to 65535, not " + port.get());
    }
    LibraryLogs.bridge();
    // UTF-8 whatever the locale, as the client commands between our lines have it.
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    @SuppressWarnings("SystemConsoleNull") // it is null again in JDK 25 where there is no terminal
    Console console = System.console();
    boolean terminal = console != null && console.isTerminal() && System.getenv("NO_COLOR") == null;
    return new Demo(new Narrator(out, terminal), Sleeper.real(), port, keep).run();
  }
}
