package dev.swarm.worker.engine.process;

import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.swarm.core.spec.Defaults;
import dev.swarm.v1.ProcessSpec;
import dev.swarm.worker.engine.EngineException;
import docker.swarmkit.v1.GenericRuntimeSpec;
import docker.swarmkit.v1.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A task's process, checked and with all defaults applied.
 *
 * @param command the program as an absolute path, or relative to a directory in it, then its
 *     arguments
 * @param environment {@code NAME=value} each
 * @param directory an absolute path; empty means one made for the task
 * @param signal a signal's name without SIG
 */
record Program(
    List<String> command,
    List<String> environment,
    String directory,
    String signal,
    java.time.Duration grace) {
  static final String KIND = "process";
  static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final Pattern SIGNAL = Pattern.compile("[A-Z0-9+-]{1,12}");
  private static final Pattern VARIABLE =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=.*", Pattern.DOTALL);

  /**
   * @param users whom processes run as here
   */
  static Program of(Task task, TaskUsers users) {
    ProcessSpec spec = parse(task.getSpec().getGeneric());
    if (spec.getCommandCount() == 0 || spec.getCommand(0).isEmpty()) {
      throw new EngineException("a process needs a command");
    }
    checkUser(spec.getUser(), users);
    boolean isPath = spec.getDir().startsWith("/") && spec.getDir().indexOf('\0') < 0;
    if (!spec.getDir().isEmpty() && !isPath) {
      throw new EngineException("the directory of a process must be an absolute path");
    }
    spec.getEnvList().forEach(Program::checkVariable);
    List<String> command = new ArrayList<>(spec.getCommandList());
    if (command.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
      throw new EngineException("a command cannot contain a zero byte");
    }
    command.set(0, executable(command.getFirst(), path(spec.getEnvList())));
    return new Program(
        List.copyOf(command),
        spec.getEnvList(),
        spec.getDir(),
        signal(spec.getStopSignal()),
        spec.hasStopGracePeriod()
            ? duration(spec.getStopGracePeriod())
            : Defaults.STOP_GRACE_PERIOD);
  }

  private static void checkUser(String wanted, TaskUsers users) {
    String kept =
        switch (users) {
          case TaskUsers.Own own -> "as its own user only";
          case TaskUsers.Shared shared -> "as " + shared.name() + " only";
          case TaskUsers.Range range -> "as users of its own choice, one each";
        };
    boolean fits =
        users instanceof TaskUsers.Shared(String name, TaskUser user) && wanted.equals(name);
    if (!wanted.isEmpty() && !fits) {
      throw new EngineException("this node runs processes " + kept);
    }
  }

  private static ProcessSpec parse(GenericRuntimeSpec generic) {
    try {
      return ProcessSpec.parseFrom(generic.getPayload().getValue());
    } catch (InvalidProtocolBufferException e) {
      throw new EngineException("the process of this task cannot be read", e);
    }
  }

  private static void checkVariable(String variable) {
    if (!VARIABLE.matcher(variable).matches() || variable.indexOf('\0') >= 0) {
      throw new EngineException(
          "not an environment variable for a process, whose name has letters, digits and"
              + " underscores: "
              + variable.split("=", 2)[0]);
    }
  }

  private static String path(List<String> environment) {
    return environment.stream()
        .filter(variable -> variable.startsWith("PATH="))
        .map(variable -> variable.substring("PATH=".length()))
        .reduce(PATH, (first, last) -> last);
  }

  private static String executable(String name, String path) {
    if (name.contains("/")) {
      if (!Path.of(name).isAbsolute()) {
        throw new EngineException("a program must be a name or an absolute path: " + name);
      }
      return check(Path.of(name));
    }
    for (String directory : path.split(":", -1)) {
      Path candidate = Path.of(directory, name);
      if (candidate.isAbsolute() && Files.isRegularFile(candidate)) {
        return check(candidate);
      }
    }
    throw new EngineException("executable file not found in PATH: " + name);
  }

  private static String check(Path program) {
    if (!Files.isRegularFile(program)) {
      throw new EngineException("no such program on this node: " + program);
    }
    if (!Files.isExecutable(program)) {
      throw new EngineException("not executable: " + program);
    }
    return program.toString();
  }

  private static String signal(String name) {
    String upper = name.isEmpty() ? "TERM" : name.toUpperCase(Locale.ROOT);
    String plain = upper.startsWith("SIG") ? upper.substring(3) : upper;
    if (!SIGNAL.matcher(plain).matches()) {
      throw new EngineException("not a signal: " + name);
    }
    return plain;
  }

  private static java.time.Duration duration(Duration sent) {
    return java.time.Duration.ofSeconds(Math.max(0, sent.getSeconds()), sent.getNanos());
  }
}
