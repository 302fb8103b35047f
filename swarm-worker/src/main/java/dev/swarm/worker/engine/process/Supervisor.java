package dev.swarm.worker.engine.process;

import dev.swarm.core.template.TaskContext;
import docker.swarmkit.v1.Task;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a task's process under a small supervisor that outlives this daemon: it takes what the
 * process prints, within bounds, and writes down how the process ended, which only a parent can
 * learn.
 *
 * <p>The supervisor may be root, so it is a fixed script of fixed programs with an empty
 * environment, in a directory that only it can write to. What the service chose comes on its
 * standard input, which it hands on unread to the one that has dropped its rights.
 */
final class Supervisor {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
  static final int SEGMENT_BYTES_MAX = 512 << 10;
  private static final int READ_BYTES = 4096;
  // How long a segment waits to be fetched: what nobody fetches is thrown away then.
  private static final String PATIENCE = "100";
  private static final String NAP_SECONDS = "0.02";

  private static final String BORN =
      "{ echo $$; read -r b </proc/sys/kernel/random/boot_id; echo \"$b\";"
          + " read -r s </proc/$$/stat; echo \"$s\"; } 2>/dev/null";
  // $1 is the task's directory, $2 where it joins its group, the rest whom it becomes.
  private static final String CHILD =
      "d=$1; [ -z \"$2\" ] || echo $$ >\"$2\" || exit 125; shift 2; "
          + BORN
          + " >\"$d/child.tmp\"; @mv@ \"$d/child.tmp\" \"$d/child\" || exit 125; exec \"$@\"";
  // Copies its input, of which $1 is the name, to segments. Two exist at a time, and the writer
  // waits for the older one to be fetched: who prints faster than that waits with it.
  private static final String KEEP =
      "keep() { n=0; while :; do @dd@ bs="
          + READ_BYTES
          + " count="
          + SEGMENT_BYTES_MAX / READ_BYTES
          + " >\"$d/$1.$n\" 2>/dev/null; [ -s \"$d/$1.$n\" ] || break; n=$((n+1)); i=0;"
          + " while [ -e \"$d/$1.$((n-2))\" ] && [ $i -lt "
          + PATIENCE
          + " ]; do @sleep@ "
          + NAP_SECONDS
          + "; i=$((i+1)); done; @rm@ -f \"$d/$1.$((n-2))\"; done; @rm@ -f \"$d/$1.$n\"; }; ";
  // $1 is the task's directory, $2 and $3 the groups of supervisors and of this task, $4 is CHILD.
  // A trap with a command is undone in children.
  private static final String SHIM =
      "umask 077; trap : HUP INT TERM; d=$1; [ -z \"$2\" ] || echo $$ >\"$2\"; "
          + BORN
          + " >\"$d/shim.tmp\"; @mv@ \"$d/shim.tmp\" \"$d/shim\"; "
          + KEEP
          + "@mkfifo@ \"$d/out\" \"$d/err\" || exit 125;"
          + " keep out <\"$d/out\" & keep err <\"$d/err\" &"
          + " g=$3; c=$4; shift 4;"
          + " @setsid@ @sh@ -c \"$c\" task \"$d\" \"$g\" \"$@\" >\"$d/out\" 2>\"$d/err\";"
          + " echo $? >\"$d/exit.tmp\"; @mv@ \"$d/exit.tmp\" \"$d/exit\"; wait; wait";

  private final SystemPrograms programs;
  private final List<String> defaults;
  private final String shim;
  private final String child;

  Supervisor(SystemPrograms programs) {
    this.programs = programs;
    this.defaults = defaults(programs);
    this.shim = withPaths(SHIM);
    this.child = withPaths(CHILD);
  }

  /**
   * The words before a command line that give it the signals as they are by default, where this
   * host's {@code env} can. A daemon that a script started in the background ignores SIGINT and
   * SIGQUIT, so would all its tasks, and no shell can undo that.
   */
  private static List<String> defaults(SystemPrograms programs) {
    List<String> words = List.of(programs.env().toString(), "--default-signal");
    List<String> trial = new ArrayList<>(words);
    trial.addAll(List.of(programs.sh().toString(), "-c", "exit 0"));
    try {
      return bare(trial).start().waitFor() == 0 ? words : List.of();
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private String withPaths(String script) {
    return script
        .replace("@mv@", programs.mv().toString())
        .replace("@rm@", programs.rm().toString())
        .replace("@dd@", programs.dd().toString())
        .replace("@sleep@", programs.sleep().toString())
        .replace("@mkfifo@", programs.mkfifo().toString())
        .replace("@setsid@", programs.setsid().toString())
        .replace("@sh@", programs.sh().toString());
  }

  /**
   * The whole command line: signals, session, supervisor, change of user, and a shell to be told
   * more.
   */
  List<String> commandLine(TaskDirectory directory, TaskGroups groups) {
    List<String> line = new ArrayList<>(defaults);
    line.addAll(List.of(programs.setsid().toString(), programs.sh().toString(), "-c", shim));
    line.addAll(List.of("swarm-task", directory.path().toString()));
    line.add(groups.supervisors().map(TaskGroups::members).map(Path::toString).orElse(""));
    line.add(directory.group().map(TaskGroups::members).map(Path::toString).orElse(""));
    line.add(child);
    line.addAll(as(directory.user()));
    line.add(programs.sh().toString());
    return line;
  }

  /** The words before a command line that run it without any right but {@code user}'s. */
  private List<String> as(Optional<TaskUser> user) {
    return user.map(
            each ->
                List.of(
                    programs.setpriv().toString(),
                    "--reuid=" + each.uid(),
                    "--regid=" + each.gid(),
                    "--clear-groups",
                    "--no-new-privs",
                    "--"))
        .orElseGet(List::of);
  }

  void start(Task task, Program program, TaskDirectory directory, TaskGroups groups)
      throws IOException {
    // What it says when it ends before it had read all is in its exit code and its log.
    var _ = told(commandLine(directory, groups), script(task, program, directory));
  }

  /** Starts a command line whose last word is a shell, and tells that what to do. */
  private static Process told(List<String> line, String script) throws IOException {
    Process process = bare(line).redirectInput(Redirect.PIPE).start();
    try (OutputStream input = process.getOutputStream()) {
      input.write(script.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.debug("the shell ended before it had read its script", e);
    }
    return process;
  }

  /**
   * Why whoever a task runs as cannot begin where it is to begin, or run what it is to run: a
   * process would only end with 126.
   */
  Optional<String> obstacle(Program program, TaskDirectory directory)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(as(directory.user()));
    line.add(programs.sh().toString());
    String work = work(program, directory);
    String file = program.command().getFirst();
    int code = told(line, LaunchScript.trial(work, file)).waitFor();
    String who =
        directory.user().map(user -> "user " + user.uid()).orElse("the user of this daemon");
    return switch (code) {
      case LaunchScript.NO_ENTRY ->
          Optional.of(
              "cannot enter the directory %s on this node as %s: a directory on the way or itself is closed to it (chmod o+x)"
                  .formatted(work, who));
      case LaunchScript.NO_PROGRAM ->
          Optional.of("cannot run %s on this node as %s: it may not".formatted(file, who));
      default -> Optional.empty();
    };
  }

  private static String work(Program program, TaskDirectory directory) {
    return program.directory().isEmpty() ? directory.work().toString() : program.directory();
  }

  private String script(Task task, Program program, TaskDirectory directory) {
    String work = work(program, directory);
    List<String> environment = new ArrayList<>();
    environment.add("PATH=" + Program.PATH);
    environment.add("HOME=" + work);
    environment.addAll(program.environment());
    environment.add("SWARM_TASK_ID=" + task.getId());
    environment.add("SWARM_TASK_NAME=" + TaskContext.nameOf(task));
    environment.add("SWARM_NODE_ID=" + task.getNodeId());
    return LaunchScript.of(programs.env(), program.command(), work, environment);
  }

  /** Sends a signal to a process, or to the group led by {@code -target}. */
  void signal(String signal, long target) throws IOException, InterruptedException {
    // The shell's own kill is everywhere; a program of that name is not.
    run(List.of(), "kill -s \"$1\" -- \"$2\"", signal, Long.toString(target));
  }

  /** Kills whatever runs as {@code user}, all at once, so that nothing can outrun it. */
  void killAll(TaskUser user) throws IOException, InterruptedException {
    run(as(Optional.of(user)), "kill -s KILL -- -1");
  }

  /** Whether a process of this daemon's can put itself among {@code members}. */
  boolean canJoin(Path members) throws IOException, InterruptedException {
    return run(List.of(), "echo $$ >\"$1\"", members.toString()) == 0;
  }

  private int run(List<String> as, String script, String... arguments)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(as);
    line.addAll(List.of(programs.sh().toString(), "-c", script, "swarm"));
    line.addAll(List.of(arguments));
    return bare(line).start().waitFor();
  }

  static ProcessBuilder bare(List<String> line) {
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(new File("/"))
            .redirectInput(new File("/dev/null"))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    builder.environment().clear();
    return builder;
  }
}
