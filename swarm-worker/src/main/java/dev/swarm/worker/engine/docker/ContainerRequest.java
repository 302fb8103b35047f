package dev.swarm.worker.engine.docker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Duration;
import dev.swarm.core.template.TaskContext;
import dev.swarm.worker.engine.EngineException;
import dev.swarm.worker.secret.FileMount;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.Driver;
import docker.swarmkit.v1.HealthConfig;
import docker.swarmkit.v1.ResourceRequirements;
import docker.swarmkit.v1.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Request to the engine for a task's container: a pure function of the task. */
final class ContainerRequest {
  static final String LABEL = "com.docker.swarm.";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ContainerRequest() {}

  /**
   * The container's name: {@code <service>.<slot or node id>.<task id>} unless the task has one.
   */
  static String name(Task task) {
    return TaskContext.nameOf(task);
  }

  /**
   * The body of {@code POST /containers/create}.
   *
   * @param places the task's, the first of them being what the container is made with
   * @throws EngineException if the task wants something that an engine cannot give
   */
  static ObjectNode of(Task task, List<FileMount> files, List<ContainerNetwork> places) {
    ContainerSpec spec = task.getSpec().getContainer();
    if (spec.getImage().isEmpty()) {
      throw new EngineException("dockerexec: image required");
    }
    ObjectNode body = JSON.objectNode();
    body.put("Image", spec.getImage());
    body.set("Labels", object(labels(task)));
    strings(body, "Entrypoint", spec.getCommandList());
    strings(body, "Cmd", spec.getArgsList());
    strings(body, "Env", Environment.of(task));
    text(body, "WorkingDir", spec.getDir());
    text(body, "User", spec.getUser());
    text(body, "Hostname", spec.getHostname());
    text(body, "StopSignal", spec.getStopSignal());
    flag(body, "Tty", spec.getTty());
    flag(body, "OpenStdin", spec.getOpenStdin());
    if (spec.hasHealthcheck()) {
      body.set("Healthcheck", healthcheck(spec.getHealthcheck()));
    }
    ObjectNode host = hostConfig(task, spec, files);
    Optional<ContainerNetwork> main = places.stream().findFirst();
    main.ifPresent(place -> host.put("NetworkMode", place.network()));
    main.filter(place -> !place.predefined())
        .ifPresent(
            place ->
                body.putObject("NetworkingConfig")
                    .putObject("EndpointsConfig")
                    .set(place.network(), place.endpoint()));
    if (main.isEmpty() || !main.get().network().equals("host")) {
      Ports.publish(task, body, host);
    }
    body.set("HostConfig", host);
    return body;
  }

  static Map<String, String> labels(Task task) {
    Map<String, String> labels = new LinkedHashMap<>(task.getSpec().getContainer().getLabelsMap());
    labels.putAll(task.getAnnotations().getLabelsMap());
    labels.put("com.docker.swarm.task", "");
    labels.put(LABEL + "task.id", task.getId());
    labels.put(LABEL + "task.name", name(task));
    labels.put(LABEL + "node.id", task.getNodeId());
    labels.put(LABEL + "service.id", task.getServiceId());
    labels.put(LABEL + "service.name", task.getServiceAnnotations().getName());
    return labels;
  }

  private static ObjectNode hostConfig(Task task, ContainerSpec spec, List<FileMount> files) {
    ObjectNode host = JSON.objectNode();
    strings(host, "GroupAdd", spec.getGroupsList());
    flag(host, "ReadonlyRootfs", spec.getReadOnly());
    switch (spec.getIsolation()) {
      case ISOLATION_PROCESS -> host.put("Isolation", "process");
      case ISOLATION_HYPERV -> host.put("Isolation", "hyperv");
      case ISOLATION_DEFAULT, UNRECOGNIZED -> {}
    }
    if (spec.hasInit()) {
      host.put("Init", spec.getInit().getValue());
    }
    if (spec.getSysctlsCount() > 0) {
      host.set("Sysctls", object(spec.getSysctlsMap()));
    }
    strings(host, "CapAdd", spec.getCapabilityAddList());
    strings(host, "CapDrop", spec.getCapabilityDropList());
    if (spec.getOomScoreAdj() != 0) {
      host.put("OomScoreAdj", spec.getOomScoreAdj());
    }
    strings(host, "Dns", spec.getDnsConfig().getNameserversList());
    strings(host, "DnsSearch", spec.getDnsConfig().getSearchList());
    strings(host, "DnsOptions", spec.getDnsConfig().getOptionsList());
    strings(host, "ExtraHosts", extraHosts(spec.getHostsList()));
    strings(host, "SecurityOpt", SecurityOptions.of(spec.getPrivileges()));
    resources(host, task.getSpec().getResources(), spec);
    ArrayNode mounts = Mounts.of(spec.getMountsList(), files);
    if (!mounts.isEmpty()) {
      host.set("Mounts", mounts);
    }
    if (task.hasLogDriver()) {
      host.set("LogConfig", logConfig(task.getLogDriver()));
    }
    return host;
  }

  private static ObjectNode logConfig(Driver driver) {
    ObjectNode config = JSON.objectNode();
    config.put("Type", driver.getName());
    config.set("Config", object(driver.getOptionsMap()));
    return config;
  }

  private static void resources(ObjectNode host, ResourceRequirements wanted, ContainerSpec spec) {
    if (spec.getPidsLimit() > 0) {
      host.put("PidsLimit", spec.getPidsLimit());
    }
    if (spec.getUlimitsCount() > 0) {
      ArrayNode ulimits = host.putArray("Ulimits");
      spec.getUlimitsList()
          .forEach(
              u ->
                  ulimits
                      .addObject()
                      .put("Name", u.getName())
                      .put("Soft", u.getSoft())
                      .put("Hard", u.getHard()));
    }
    long memory = wanted.getLimits().getMemoryBytes();
    if (memory > 0) {
      host.put("Memory", memory);
      if (wanted.hasSwapBytes()) {
        long swap = wanted.getSwapBytes().getValue();
        // The engine counts memory and swap together.
        host.put("MemorySwap", swap < 0 ? -1 : memory + swap);
      }
    }
    if (wanted.hasMemorySwappiness()) {
      host.put("MemorySwappiness", wanted.getMemorySwappiness().getValue());
    }
    if (wanted.getLimits().getNanoCpus() > 0) {
      host.put("NanoCpus", wanted.getLimits().getNanoCpus());
    }
  }

  private static ObjectNode healthcheck(HealthConfig config) {
    ObjectNode check = JSON.objectNode();
    strings(check, "Test", config.getTestList());
    nanos(check, "Interval", config.getInterval());
    nanos(check, "Timeout", config.getTimeout());
    nanos(check, "StartPeriod", config.getStartPeriod());
    nanos(check, "StartInterval", config.getStartInterval());
    if (config.getRetries() != 0) {
      check.put("Retries", config.getRetries());
    }
    return check;
  }

  /** {@code IP host aliases…} of a hosts file becomes the engine's {@code host:IP}. */
  private static List<String> extraHosts(List<String> hosts) {
    return hosts.stream()
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> fields.length > 1)
        .map(fields -> fields[1] + ":" + fields[0])
        .toList();
  }

  static ObjectNode object(Map<String, String> map) {
    ObjectNode object = JSON.objectNode();
    map.forEach(object::put);
    return object;
  }

  static void strings(ObjectNode object, String name, List<String> values) {
    if (!values.isEmpty()) {
      ArrayNode array = object.putArray(name);
      values.forEach(array::add);
    }
  }

  static void text(ObjectNode object, String name, String value) {
    if (!value.isEmpty()) {
      object.put(name, value);
    }
  }

  static void flag(ObjectNode object, String name, boolean value) {
    if (value) {
      object.put(name, true);
    }
  }

  private static void nanos(ObjectNode object, String name, Duration value) {
    long nanos = value.getSeconds() * 1_000_000_000L + value.getNanos();
    if (nanos != 0) {
      object.put(name, nanos);
    }
  }
}
