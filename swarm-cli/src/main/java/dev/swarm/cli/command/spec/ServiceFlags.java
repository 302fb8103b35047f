package dev.swarm.cli.command.spec;

import static dev.swarm.cli.command.flag.Flag.list;
import static dev.swarm.cli.command.flag.Flag.toggle;
import static dev.swarm.cli.command.flag.Flag.value;

import dev.swarm.cli.command.flag.Flag;
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
            list("config", "config", "Specify configurations to expose to the service"),
            list("constraint", "list", "Placement constraints"),
            list("container-label", "list", "Container labels"),
            list("dns", "list", "Set custom DNS servers"),
            list("dns-option", "list", "Set DNS options"),
            list("dns-search", "list", "Set custom DNS search domains"),
            list("env", "list", "Set environment variables").or('e'),
            list("env-file", "list", "Read in a file of environment variables"),
            list("generic-resource", "list", "User defined resources"),
            list("group", "list", "Set supplementary user groups for the container"),
            list("host", "list", "Set custom host-to-IP mappings (host:ip)"),
            list("label", "list", "Service labels").or('l'),
            value(
                    "mode",
                    "string",
                    "\"replicated\" (default), \"global\", \"replicated-job\", \"global-job\"")
                .of("replicated", "global", "replicated-job", "global-job"),
            list("mount", "mount", "Attach a filesystem mount to the service"),
            value("name", "string", "Service name"),
            list("network", "network", "Network attachments"),
            list("placement-pref", "pref", "Add a placement preference"),
            list("publish", "port", "Publish a port as a node port").or('p'),
            value("runtime", "string", "What runs a task: \"container\" (default) or \"process\"")
                .of("container", "process"),
            list("secret", "secret", "Specify secrets to expose to the service"),
            list("sysctl", "list", "Sysctl options"),
            list("ulimit", "ulimit", "Ulimit options")));
    return flags;
  }

  /** What {@code service update} takes. */
  public static List<Flag> update() {
    List<Flag> flags = common();
    flags.addAll(
        List.of(
            value("args", "command", "Service command args"),
            list("config-add", "config", "Add or update a config file on a service"),
            list("config-rm", "list", "Remove a configuration file"),
            list("constraint-add", "list", "Add or update a placement constraint"),
            list("constraint-rm", "list", "Remove a constraint"),
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
            toggle("force", "Force update even if no changes require it"),
            list("generic-resource-add", "list", "Add a generic resource"),
            list("generic-resource-rm", "list", "Remove a generic resource"),
            list("group-add", "list", "Add a supplementary user group to the container"),
            list("group-rm", "list", "Remove a supplementary user group from the container"),
            list("host-add", "list", "Add a custom host-to-IP mapping (\"host:ip\")"),
            list("host-rm", "list", "Remove a custom host-to-IP mapping (\"host:ip\")"),
            value("image", "string", "Service image tag"),
            list("label-add", "list", "Add or update a service label"),
            list("label-rm", "list", "Remove a label by its key"),
            list("mount-add", "mount", "Add or update a mount on a service"),
            list("mount-rm", "list", "Remove a mount by its target path"),
            list("network-add", "network", "Add a network"),
            list("network-rm", "list", "Remove a network"),
            list("placement-pref-add", "pref", "Add a placement preference"),
            list("placement-pref-rm", "pref", "Remove a placement preference"),
            list("publish-add", "port", "Add or update a published port"),
            list("publish-rm", "port", "Remove a published port by its target port"),
            toggle("rollback", "Rollback to previous specification"),
            list("secret-add", "secret", "Add or update a secret on a service"),
            list("secret-rm", "list", "Remove a secret"),
            list("sysctl-add", "list", "Add or update a Sysctl option"),
            list("sysctl-rm", "list", "Remove a Sysctl option"),
            list("ulimit-add", "ulimit", "Add or update a ulimit option"),
            list("ulimit-rm", "list", "Remove a ulimit option")));
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
            value("endpoint-mode", "string", "Endpoint mode (vip or dnsrr)").of("vip", "dnsrr"),
            value("entrypoint", "command", "Overwrite the default ENTRYPOINT of the image"),
            value("health-cmd", "string", "Command to run to check health"),
            value("health-interval", "duration", "Time between running the check (ms|s|m|h)"),
            value("health-retries", "int", "Consecutive failures needed to report unhealthy"),
            value(
                "health-start-interval",
                "duration",
                "Time between checks during the start period (ms|s|m|h)"),
            value(
                "health-start-period",
                "duration",
                "Time to initialize before failures count (ms|s|m|h)"),
            value(
                "health-timeout", "duration", "Maximum time to allow one check to run (ms|s|m|h)"),
            value("hostname", "string", "Container hostname"),
            toggle("init", "Use an init inside each service container"),
            value("isolation", "string", "Service container isolation mode"),
            value("limit-cpu", "decimal", "Limit CPUs"),
            value("limit-memory", "bytes", "Limit Memory"),
            value("limit-pids", "int", "Limit maximum number of processes (default 0 = unlimited)"),
            value("log-driver", "string", "Logging driver for service"),
            list("log-opt", "list", "Logging driver options"),
            value(
                "max-concurrent",
                "uint",
                "Number of job tasks to run concurrently (default equal to --replicas)"),
            value("memory-swap", "bytes", "Swap Bytes (-1 for unlimited)"),
            value(
                "memory-swappiness",
                "int",
                "Tune memory swappiness (0-100), -1 to reset to default"),
            toggle("no-healthcheck", "Disable any container-specified HEALTHCHECK"),
            toggle(
                "no-resolve-image",
                "Do not query the registry to resolve image digest and supported platforms"),
            value("oom-score-adj", "int", "Tune host's OOM preferences (-1000 to 1000)"),
            toggle("read-only", "Mount the container's root filesystem as read only"),
            value("replicas", "uint", "Number of tasks"),
            value(
                "replicas-max-per-node",
                "uint",
                "Maximum number of tasks per node (default 0 = unlimited)"),
            value("reserve-cpu", "decimal", "Reserve CPUs"),
            value("reserve-memory", "bytes", "Reserve Memory"),
            value(
                    "restart-condition",
                    "string",
                    "Restart when condition is met (\"none\", \"on-failure\", \"any\")")
                .of("none", "on-failure", "any"),
            value("restart-delay", "duration", "Delay between restart attempts (default 5s)"),
            value("restart-max-attempts", "uint", "Maximum number of restarts before giving up"),
            value("restart-window", "duration", "Window used to evaluate the restart policy"),
            value(
                "stop-grace-period",
                "duration",
                "Time to wait before force killing a task (default 10s)"),
            value("stop-signal", "string", "Signal to stop the task"),
            toggle("tty", "Allocate a pseudo-TTY").or('t'),
            value("user", "string", "Username or UID (format: <name|uid>[:<group|gid>])").or('u'),
            toggle("with-registry-auth", "Send registry authentication details to swarm agents"),
            value("workdir", "string", "Working directory of the task").or('w')));
    flags.addAll(policy("update", "pause", "continue", "rollback"));
    flags.addAll(policy("rollback", "pause", "continue"));
    return flags;
  }

  /** How a command waits for what it asked. */
  public static List<Flag> waiting() {
    return List.of(
        toggle("detach", "Exit immediately instead of waiting for the service to converge").or('d'),
        toggle("quiet", "Suppress progress output").or('q'));
  }

  private static List<Flag> policy(String word, String... actions) {
    return List.of(
        value(
            word + "-delay",
            "duration",
            "Delay between " + word + "s (ns|us|ms|s|m|h) (default 0s)"),
        value(
                word + "-failure-action",
                "string",
                "Action on " + word + " failure (\"" + String.join("\", \"", actions) + "\")")
            .of(actions),
        value(word + "-max-failure-ratio", "float", "Failure rate to tolerate during a " + word),
        value(word + "-monitor", "duration", "Time to watch each task for failure (default 5s)"),
        value(
                word + "-order",
                "string",
                "Order of a " + word + " (\"start-first\", \"stop-first\")")
            .of("start-first", "stop-first"),
        value(word + "-parallelism", "uint", "Tasks at a time (0 for all at once)"));
  }
}
