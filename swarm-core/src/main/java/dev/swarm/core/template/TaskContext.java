package dev.swarm.core.template;

import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.Mount;
import docker.swarmkit.v1.Platform;
import docker.swarmkit.v1.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Data for the templates in a task's spec: {@code .Service}, {@code .Node} and {@code .Task},
 * nothing else. Immutable.
 */
public final class TaskContext {
  private static final Map<String, Template.Function> JOIN = Map.of("join", TaskContext::join);

  private final Map<String, Object> values;

  private TaskContext(Map<String, Object> values) {
    this.values = values;
  }

  /**
   * @param hostname of the node that runs the task
   */
  public static TaskContext of(Task task, String hostname, Platform platform) {
    return new TaskContext(
        Map.of(
            "Service",
                Map.of(
                    "ID", task.getServiceId(),
                    "Name", task.getServiceAnnotations().getName(),
                    "Labels", Map.copyOf(task.getServiceAnnotations().getLabelsMap())),
            "Node",
                Map.of(
                    "ID", task.getNodeId(),
                    "Hostname", hostname,
                    "Platform",
                        Map.of("Architecture", platform.getArchitecture(), "OS", platform.getOs())),
            "Task", Map.of("ID", task.getId(), "Name", nameOf(task), "Slot", slotOf(task))));
  }

  /** What a service's templates are tried on before there is a task. */
  public static TaskContext sample(Annotations service) {
    Task task =
        Task.newBuilder()
            .setId("task")
            .setServiceId("service")
            .setNodeId("node")
            .setSlot(1)
            .setServiceAnnotations(service)
            .build();
    return of(task, "host", Platform.newBuilder().setArchitecture("x86_64").setOs("linux").build());
  }

  /** A task's name: its own, or service, slot (node, if it has no slot) and task id. */
  public static String nameOf(Task task) {
    String own = task.getAnnotations().getName();
    return own.isEmpty()
        ? task.getServiceAnnotations().getName() + "." + slotOf(task) + "." + task.getId()
        : own;
  }

  private static String slotOf(Task task) {
    return task.getSlot() == 0 ? task.getNodeId() : Long.toUnsignedString(task.getSlot());
  }

  /**
   * Renders {@code source}.
   *
   * @param more functions by name, beside the language's own
   * @throws TemplateError saying where and why
   */
  public String expand(String source, Map<String, Template.Function> more) {
    return source.contains("{{")
        ? Template.parse(source, more).render(values, Template.Absent.MISTAKE)
        : source;
  }

  private String expand(String source, String what) {
    try {
      return expand(source, JOIN);
    } catch (TemplateError e) {
      throw e.in("expanding " + what + " \"" + source + "\" failed");
    }
  }

  /** Whether anything in {@code spec} is a template. */
  public static boolean isTemplated(ContainerSpec spec) {
    return spec.getHostname().contains("{{")
        || spec.getEnvList().stream().anyMatch(entry -> entry.contains("{{"))
        || spec.getMountsList().stream().anyMatch(TaskContext::isTemplated);
  }

  private static boolean isTemplated(Mount mount) {
    return mount.getSource().contains("{{")
        || mount.getTarget().contains("{{")
        || hasTemplate(mount.getVolumeOptions().getLabelsMap())
        || hasTemplate(mount.getVolumeOptions().getDriverConfig().getOptionsMap());
  }

  private static boolean hasTemplate(Map<String, String> map) {
    return map.values().stream().anyMatch(value -> value.contains("{{"));
  }

  /**
   * {@code spec} with the templates in its host name, environment and mounts rendered.
   *
   * @throws TemplateError naming the part that cannot be
   */
  public ContainerSpec expand(ContainerSpec spec) {
    if (!isTemplated(spec)) {
      return spec;
    }
    ContainerSpec.Builder next = spec.toBuilder();
    next.setHostname(expand(spec.getHostname(), "hostname"));
    for (int i = 0; i < spec.getEnvCount(); i++) {
      String entry = spec.getEnv(i);
      int equals = entry.indexOf('=');
      if (equals >= 0) {
        next.setEnv(i, entry.substring(0, equals + 1) + expand(entry.substring(equals + 1), "env"));
      }
    }
    for (int i = 0; i < spec.getMountsCount(); i++) {
      if (isTemplated(spec.getMounts(i))) {
        next.setMounts(i, expand(spec.getMounts(i)));
      }
    }
    return next.build();
  }

  private Mount expand(Mount mount) {
    Mount.Builder next = mount.toBuilder();
    next.setSource(expand(mount.getSource(), "mount source"));
    next.setTarget(expand(mount.getTarget(), "mount target"));
    if (mount.hasVolumeOptions()) {
      Mount.VolumeOptions.Builder volume = next.getVolumeOptionsBuilder();
      mount
          .getVolumeOptions()
          .getLabelsMap()
          .forEach((key, value) -> volume.putLabels(key, expand(value, "volume label")));
      if (volume.hasDriverConfig()) {
        mount
            .getVolumeOptions()
            .getDriverConfig()
            .getOptionsMap()
            .forEach(
                (key, value) ->
                    volume
                        .getDriverConfigBuilder()
                        .putOptions(key, expand(value, "volume driver option")));
      }
    }
    return next.build();
  }

  /** In specs, unlike in output formats, the separator comes first: {@code join "-" "a" "b"}. */
  private static String join(List<Object> arguments) {
    if (arguments.isEmpty() || !arguments.stream().allMatch(String.class::isInstance)) {
      throw new IllegalArgumentException("want a separator and then strings");
    }
    List<String> strings = arguments.stream().map(String.class::cast).toList();
    return String.join(strings.getFirst(), strings.subList(1, strings.size()));
  }

  /** {@code functions} and {@code join}, as payloads know them. */
  public static Map<String, Template.Function> withJoin(Map<String, Template.Function> functions) {
    Map<String, Template.Function> all = new HashMap<>(functions);
    all.putAll(JOIN);
    return all;
  }
}
