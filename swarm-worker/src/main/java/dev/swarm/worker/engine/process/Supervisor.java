package dev.swarm.worker.engine.process;

import dev.swarm.core.template.TaskContext;
import dev.swarm.worker.engine.process.ProcessSettings.RunAs;
import docker.swarmkit.v1.Task;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts a task's process under a small supervisor in a session of its own. The supervisor outlives
 * this daemon and writes down how the process ended, which only a parent can learn.
 *
 * <p>The supervisor is a fixed script; what a user gave reaches it as arguments, never as text of
 * it.
 */
final class Supervisor {
  // $1 is the task's directory, the rest is the command. A trap with a command is undone in
  // children.
  private static final String BORN =
      "{ echo $$; read -r b </proc/sys/kernel/random/boot_id; echo \"$b\";"
          + " read -r s </proc/$$/stat; echo \"$s\"; } 2>/dev/null";
  private static final String CHILD =
      BORN + " >\"$1/child.tmp\"; mv \"$1/child.tmp\" \"$1/child\"; shift; exec \"$@\"";
  private static final String SHIM =
      "trap : HUP INT TERM; "
          + BORN
          + " >\"$1/shim.tmp\"; mv \"$1/shim.tmp\" \"$1/shim\"; d=$1; s=$2;"
          + " shift 2; sh -c \"$s\" task \"$d\" \"$@\"; echo $? >\"$d/exit.tmp\";"
          + " mv \"$d/exit.tmp\" \"$d/exit\"";
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private final Optional<RunAs> runAs;

  Supervisor(Optional<RunAs> runAs) {
    this.runAs = runAs;
  }

  /** The whole command line: session, supervisor, change of user, program. */
  List<String> commandLine(Program program, TaskDirectory directory) {
    List<String> line = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      line.add(SETSID.toString());
    }
    line.addAll(List.of("/bin/sh", "-c", SHIM, "swarm-task", directory.path().toString(), CHILD));
    runAs.ifPresent(
        user ->
            line.addAll(
                List.of(
                    "setpriv",
                    "--reuid=" + user.uid(),
                    "--regid=" + user.gid(),
                    "--clear-groups",
                    "--no-new-privs",
                    "--")));
    line.addAll(program.command());
    return line;
  }

  void start(Task task, Program program, TaskDirectory directory) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(commandLine(program, directory));
    String work = program.directory().isEmpty() ? directory.work().toString() : program.directory();
    builder.directory(new File(work));
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", Program.PATH);
    environment.put("HOME", work);
    for (String variable : program.environment()) {
      int equals = variable.indexOf('=');
      environment.put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    environment.put("SWARM_TASK_ID", task.getId());
    environment.put("SWARM_TASK_NAME", name(task));
    environment.put("SWARM_NODE_ID", task.getNodeId());
    builder.redirectInput(Redirect.from(new File("/dev/null")));
    builder.redirectOutput(Redirect.appendTo(directory.spool(false).toFile()));
    builder.redirectError(Redirect.appendTo(directory.spool(true).toFile()));
    Process supervisor = builder.start();
    if (!supervisor.isAlive() && supervisor.exitValue() != 0) {
      throw new IOException("the supervisor did not start");
    }
  }

  private static String name(Task task) {
    return TaskContext.nameOf(task);
  }

  /** Sends a signal to a process, or to the group led by {@code -target}. */
  static void signal(String signal, long target) throws IOException, InterruptedException {
    // The shell's own kill is everywhere; a program of that name is not.
    new ProcessBuilder(
            "/bin/sh", "-c", "kill -s \"$1\" -- \"$2\"", "kill", signal, Long.toString(target))
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
