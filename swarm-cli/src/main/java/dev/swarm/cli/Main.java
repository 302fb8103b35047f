package dev.swarm.cli;

import dev.swarm.cli.client.command.Context;
import dev.swarm.cli.client.command.Program;
import dev.swarm.cli.http.Endpoint;
import dev.swarm.cli.terminal.Sleeper;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The {@code swarm} program. Client commands run here; {@code daemon} and {@code demo} are looked
 * up by name, because their class path is another one.
 */
public final class Main {
  private static final int OUTPUT_BUFFER_BYTES = 8 * 1024;

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    int code = run(arguments);
    // Not exit, which sets up a logger to log itself with; everything has been flushed.
    Runtime.getRuntime().halt(code);
  }

  static int run(String[] arguments) throws Exception {
    int at = command(arguments);
    if (at == arguments.length) {
      return client(arguments);
    }
    return switch (arguments[at]) {
      case "daemon" -> handOff("dev.swarm.cli.node.daemon.DaemonCommand", without(arguments, at));
      case "demo" -> handOff("dev.swarm.cli.node.daemon.DemoCommand", without(arguments, at));
      default -> client(arguments);
    };
  }

  /** Where the command stands: behind the flags that say which host is meant. */
  private static int command(String[] arguments) {
    int at = 0;
    while (at < arguments.length && arguments[at].startsWith("-")) {
      at += arguments[at].equals("-H") || arguments[at].equals("--host") ? 2 : 1;
    }
    return Math.min(at, arguments.length);
  }

  /** The flags before a command are its own. */
  private static String[] without(String[] arguments, int at) {
    List<String> rest = new ArrayList<>(Arrays.asList(arguments));
    rest.remove(at);
    return rest.toArray(String[]::new);
  }

  private static int client(String[] arguments) {
    PrintStream out = stream(FileDescriptor.out);
    PrintStream err = stream(FileDescriptor.err);
    try {
      Context.Surroundings surroundings =
          new Context.Surroundings(
              out,
              err,
              System.in,
              System.getenv(),
              InstantSource.system(),
              Sleeper.real(),
              Boolean.getBoolean("swarm.terminal"));
      String host =
          Optional.ofNullable(System.getenv("SWARM_HOST"))
              .filter(text -> !text.isBlank())
              .orElse(Endpoint.DEFAULT);
      return Program.run(Arrays.asList(arguments), host, surroundings);
    } finally {
      out.flush();
      err.flush();
    }
  }

  /** UTF-8 whatever the locale: names, ellipses and log lines are UTF-8 everywhere else. */
  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(
        new java.io.BufferedOutputStream(new FileOutputStream(descriptor), OUTPUT_BUFFER_BYTES),
        false,
        StandardCharsets.UTF_8);
  }

  /** Calls {@code public static int run(String[])} of a class that this one must not link to. */
  private static int handOff(String className, String[] arguments) throws Exception {
    Class<?> command;
    try {
      command = Class.forName(className);
    } catch (ClassNotFoundException e) {
      System.err.println("swarm: this installation has no " + className);
      return 1;
    }
    try {
      return (int) command.getMethod("run", String[].class).invoke(null, (Object) arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }
}
