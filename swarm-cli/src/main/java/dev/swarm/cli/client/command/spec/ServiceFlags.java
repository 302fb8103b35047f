package dev.swarm.cli.client.command.spec;

import static dev.swarm.cli.terminal.Flag.list;
import static dev.swarm.cli.terminal.Flag.toggle;
import static dev.swarm.cli.terminal.Flag.value;

import dev.swarm.cli.terminal.Flag;
import dev.swarm.core.spec.Defaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The flags of {@code service create} and {@code service update}: Docker's, and our own runtime.
 */
public final class ServiceFlags {
  private ServiceFlags() {}

  /** What {@code service create} takes. */
  public static List<Flag> create() {
    List<Flag> flags = common();
    flags.addAll(
        List.of(
            list(
                "config",
                "config",
                "Config to show the tasks as a file (NAME or source=NAME,target=FILE)"),
            list(
                "constraint",
                "list",
                "Nodes to run on (\"node.labels.zone==a\", \"node.role!=manager\")"),
            list("container-label", "list", "Container labels (\"key=value\")"),
            list("dns", "list", "Set custom DNS servers"),
            list("dns-option", "list", "Set DNS options"),
            list("dns-search", "list", "Set custom DNS search domains"),
            list(
                    "env",
                    "list",
                    "Set environment variables (\"NAME=value\", or \"NAME\" for the client's own)")
                .or('e'),
            list("env-file", "list", "File of environment variables, one a line"),
            list("generic-resource", "list", "Resources of nodes to reserve (\"gpu=2\")"),
            list("group", "list", "Set supplementary user groups for the container"),
            list("host", "list", "Set custom host-to-IP mappings (host:ip)"),
            list("label", "list", "Service labels (\"key=value\")").or('l'),
            value(
                    "mode",
                    "string",
                    "What kind of service it is (\"replicated\", \"global\", \"replicated-job\","
                        + " \"global-job\") (default \"replicated\")")
                .of("replicated", "global", "replicated-job", "global-job"),
            list("mount", "mount", "Attach a filesystem mount (\"type=bind,source=/a,target=/b\")"),
            value("name", "string", "Service name").notEmpty(),
            list("network", "network", "Network to attach the service to"),
            list(
                "placement-pref",
                "pref",
                "What to spread tasks over (\"spread=node.labels.zone\")"),
            list("publish", "port", "Publish a port on the nodes (\"8080:80/tcp\")").or('p'),
            value(
                    "runtime",
                    "string",
                    "What a task is (\"container\", \"process\") (default \"container\")")
                .of("container", "process"),
            list(
                "secret",
                "secret",
                "Secret to show the tasks as a file (NAME or source=NAME,target=FILE)"),
            list(
                "sysctl",
                "list",
                "Kernel parameters of the containers (\"net.core.somaxconn=1024\")"),
            list("ulimit", "ulimit", "Limits of the processes (\"nofile=1024:2048\")")));
    return flags;
  }

  /** What {@code service update} takes. */
  public static List<Flag> update() {
    List<Flag> flags = new ArrayList<>(common().stream().map(Flag::ofChange).toList());
    flags.addAll(
        List.of(
            value("args", "command", "Arguments of the image's command"),
            list("config-add", "config", "Add a config file to the service"),
            list("config-rm", "list", "Remove a config file from the service").notEmpty(),
            list("constraint-add", "list", "Add a placement constraint (\"node.labels.zone==a\")"),
            list("constraint-rm", "list", "Remove a placement constraint"),
            list("container-label-add", "list", "Add or update a container label"),
            list("container-label-rm", "list", "Remove a container label by its key"),
            list("dns-add", "list", "Add or update a custom DNS server"),
            list("dns-option-add", "list", "Add or update a DNS option"),
            list("dns-option-rm", "list", "Remove a DNS option"),
            list("dns-rm", "list", "Remove a custom DNS server"),
            list("dns-search-add", "list", "Add or update a custom DNS search domain"),
            list("dns-search-rm", "list", "Remove a DNS search domain"),
            list("env-add", "list", "Add or update an environment variable"),
            list("env-rm", "list", "Remove an environment variable"),
            toggle("force", "Replace all tasks even if no change requires it"),
            list("generic-resource-add", "list", "Reserve a resource of the nodes (\"gpu=2\")"),
            list(
                "generic-resource-rm", "list", "Reserve a resource of the nodes no more (\"gpu\")"),
            list("group-add", "list", "Add a supplementary user group to the container"),
            list("group-rm", "list", "Remove a supplementary user group from the container"),
            list("host-add", "list", "Add a custom host-to-IP mapping (\"host:ip\")"),
            list("host-rm", "list", "Remove a custom host-to-IP mapping (\"host:ip\")"),
            value("image", "string", "Image to run, with its tag").notEmpty(),
            list("label-add", "list", "Add or update a service label"),
            list("label-rm", "list", "Remove a label by its key"),
            list("mount-add", "mount", "Add or update a mount (\"type=bind,source=/a,target=/b\")"),
            list("mount-rm", "list", "Remove a mount by its target path"),
            list("network-add", "network", "Attach the service to a network"),
            list("network-rm", "list", "Detach the service from a network").notEmpty(),
            list(
                "placement-pref-add",
                "pref",
                "Add a placement preference (\"spread=node.labels.zone\")"),
            list("placement-pref-rm", "pref", "Remove a placement preference"),
            list("publish-add", "port", "Publish a port (\"8080:80/tcp\")"),
            list("publish-rm", "port", "Remove a published port by its target port"),
            toggle("rollback", "Go back to the previous specification"),
            list("secret-add", "secret", "Add a secret to the service"),
            list("secret-rm", "list", "Remove a secret from the service").notEmpty(),
            list("sysctl-add", "list", "Add or update a kernel parameter"),
            list("sysctl-rm", "list", "Remove a kernel parameter"),
            list("ulimit-add", "ulimit", "Add or update a limit (\"nofile=1024:2048\")"),
            list("ulimit-rm", "list", "Remove a limit (\"nofile\")")));
    return flags;
  }

  private static List<Flag> common() {
    List<Flag> flags = new ArrayList<>(waiting());
    flags.addAll(
        List.of(
            list("cap-add", "list", "Add Linux capabilities"),
            list("cap-drop", "list", "Drop Linux capabilities"),
            value(
                "credential-spec",
                "credential-spec",
                "Credential spec for managed service account (Windows only)"),
            value(
                    "endpoint-mode",
                    "string",
                    "What the service's name resolves to (\"vip\", \"dnsrr\") (default \"vip\")")
                .of("vip", "dnsrr"),
            value("entrypoint", "command", "Run this instead of the image's ENTRYPOINT"),
            value("health-cmd", "string", "Command that tells whether a container is healthy"),
            value("health-interval", "duration", "Time between two checks (default 30s)"),
            value(
                "health-retries",
                "number",
                "Failed checks in a row that make a container unhealthy (default 3)"),
            value(
                "health-start-interval",
                "duration",
                "Time between two checks during the start period (default 5s)"),
            value(
                "health-start-period",
                "duration",
                "Time to start before failed checks count (default 0s)"),
            value(
                "health-timeout", "duration", "Time after which a check has failed (default 30s)"),
            value("hostname", "string", "Container hostname"),
            toggle("init", "Run an init process in each container"),
            value("isolation", "string", "Isolation of the containers (Windows only)"),
            value("limit-cpu", "cpus", "CPUs a task may use (\"1.5\")"),
            value("limit-memory", "bytes", "Memory a task may use (\"512m\")"),
            value(
                "limit-pids", "number", "Processes a task may have, 0 for any number (default 0)"),
            value("log-driver", "string", "Logging driver of the containers"),
            list("log-opt", "list", "Options of the logging driver"),
            value(
                "max-concurrent",
                "number",
                "Tasks of a job to run at the same time (default as --replicas)"),
            value("memory-swap", "bytes", "Swap a task may use (\"512m\", -1 for any amount)"),
            value(
                "memory-swappiness", "number", "Memory swappiness, 0 to 100 (-1 for the default)"),
            toggle("no-healthcheck", "Do without the image's HEALTHCHECK"),
            toggle(
                "no-resolve-image", "Do not ask the registry for the image's digest and platforms"),
            value(
                "oom-score-adj",
                "number",
                "Whom the kernel kills first when memory is short (-1000 to 1000)"),
            toggle("read-only", "Mount the container's root filesystem as read only"),
            value("replicas", "number", "Number of tasks (default " + Defaults.REPLICAS + ")"),
            value(
                "replicas-max-per-node",
                "number",
                "Most tasks on one node, 0 for any number (default 0)"),
            value("reserve-cpu", "cpus", "CPUs to reserve for a task (\"0.5\")"),
            value("reserve-memory", "bytes", "Memory to reserve for a task (\"256m\")"),
            value(
                    "restart-condition",
                    "string",
                    "When a task that ended is started anew (\"none\", \"on-failure\", \"any\")"
                        + " (default \"any\")")
                .of("none", "on-failure", "any"),
            value(
                "restart-delay",
                "duration",
                "Wait before a restart" + byDefault(Defaults.RESTART_DELAY)),
            value(
                "restart-max-attempts",
                "number",
                "Restarts before giving up, 0 for any number (default 0)"),
            value(
                "restart-window",
                "duration",
                "Time within which restarts are counted, 0s for all of them (default 0s)"),
            value(
                "stop-grace-period",
                "duration",
                "Time a task has to stop before it is killed"
                    + byDefault(Defaults.STOP_GRACE_PERIOD)),
            value(
                "stop-signal",
                "string",
                "Signal that stops a task (default the image's, or SIGTERM)"),
            toggle("tty", "Give each container a terminal").or('t'),
            value("user", "string", "User to run as (<name|uid>[:<group|gid>])").or('u'),
            toggle("with-registry-auth", "Send this user's registry credentials to the nodes"),
            value("workdir", "string", "Working directory of the task").or('w')));
    flags.addAll(policy("update", "pause", "continue", "rollback"));
    flags.addAll(policy("rollback", "pause", "continue"));
    return flags;
  }

  /** How a command waits for what it asked. */
  public static List<Flag> waiting() {
    return List.of(
        toggle("detach", "Do not wait until the service runs as wanted").or('d'),
        toggle("quiet", "Wait without showing progress").or('q'));
  }

  private static String byDefault(Duration duration) {
    return " (default " + duration.toSeconds() + "s)";
  }

  private static List<Flag> policy(String word, String... actions) {
    String a = word.equals("update") ? "an update" : "a rollback";
    return List.of(
        value(word + "-delay", "duration", "Wait between two batches of tasks (default 0s)"),
        value(
                word + "-failure-action",
                "string",
                "What to do when "
                    + a
                    + " fails (\""
                    + String.join("\", \"", actions)
                    + "\") (default \"pause\")")
            .of(actions),
        value(
            word + "-max-failure-ratio",
            "share",
            "Share of failed tasks that " + a + " may have (default 0)"),
        value(
            word + "-monitor",
            "duration",
            "Time to watch each new task for" + byDefault(Defaults.UPDATE_MONITOR)),
        value(
                word + "-order",
                "string",
                "What comes first when a task is replaced (\"start-first\", \"stop-first\")"
                    + " (default \"stop-first\")")
            .of("start-first", "stop-first"),
        value(word + "-parallelism", "number", "Tasks at a time, 0 for all at once (default 1)"));
  }
}
