package dev.swarm.cli.client.command.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Durations;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.Numbers;
import dev.swarm.cli.client.command.flag.UsageError;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.core.docker.ImageReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Edits the spec that the daemon holds by the flags of {@code service update}. What no flag names
 * stays as it is, unknown fields included.
 */
public final class UpdateSpec {
  private final Flags flags;
  private final ObjectNode spec;
  private final ObjectNode template;
  private final References references;
  private final Environment environment;
  private final Policies policies;

  private UpdateSpec(
      Flags flags, ObjectNode spec, Map<String, String> environment, References references) {
    this.flags = flags;
    this.spec = spec;
    this.template = Tree.child(spec, "TaskTemplate");
    this.references = references;
    this.environment = new Environment(environment);
    this.policies = new Policies(flags);
  }

  /**
   * Edits {@code spec} in place.
   *
   * @param environment the caller's own variables
   * @throws UsageError for flags that do not suit the service
   */
  public static void apply(
      Flags flags, ObjectNode spec, Map<String, String> environment, References references)
      throws IOException {
    new UpdateSpec(flags, spec, environment, references).apply();
  }

  private void apply() throws IOException {
    Tree.editMap(
        spec, "Labels", flags.all("label-rm"), Words.map(flags.values("label-add", Syntax::label)));
    if (ProcessRuntime.is(template)) {
      ProcessRuntime.check(flags);
      process(Tree.child(template, "ProcessSpec"));
    } else {
      container(Tree.child(template, "ContainerSpec"));
    }
    policies.resources(template);
    genericResources();
    policies.restartPolicy(template);
    placement();
    networks();
    replicas();
    policies.updatePolicy(spec, "update", "UpdateConfig");
    policies.updatePolicy(spec, "rollback", "RollbackConfig");
    endpoint();
    if (!flags.text("log-driver").isEmpty()) {
      ObjectNode driver = template.putObject("LogDriver").put("Name", flags.text("log-driver"));
      Tree.setMap(driver, "Options", Words.map(flags.all("log-opt")));
    }
    if (flags.on("force")) {
      template.put("ForceUpdate", template.path("ForceUpdate").asLong() + 1);
    }
  }

  private void process(ObjectNode process) {
    List<String> command = Tree.strings(process, "Command");
    String program = command.isEmpty() ? "" : command.getFirst();
    List<String> arguments =
        command.size() > 1 ? command.subList(1, command.size()) : List.<String>of();
    if (flags.hasAny("image", "args")) {
      List<String> edited = new ArrayList<>();
      edited.add(flags.has("image") ? flags.text("image") : program);
      edited.addAll(flags.value("args", Words::shell).orElse(arguments));
      Tree.setStrings(process, "Command", edited);
    }
    environment(process);
    text(process, "workdir", "Dir");
    text(process, "stop-signal", "StopSignal");
    grace(process);
  }

  private void container(ObjectNode container) throws IOException {
    Tree.editMap(
        container,
        "Labels",
        flags.all("container-label-rm"),
        Words.map(flags.values("container-label-add", Syntax::label)));
    flags
        .value("image", ImageReference::normalized)
        .ifPresent(name -> container.put("Image", name));
    flags.value("args", Words::shell).ifPresent(w -> Tree.setStrings(container, "Args", w));
    flags
        .value("entrypoint", Words::shell)
        .ifPresent(w -> Tree.setStrings(container, "Command", w));
    environment(container);
    text(container, "workdir", "Dir");
    text(container, "user", "User");
    text(container, "hostname", "Hostname");
    text(container, "isolation", "Isolation");
    text(container, "stop-signal", "StopSignal");
    flag(container, "init", "Init");
    flag(container, "tty", "TTY");
    flag(container, "read-only", "ReadOnly");
    grace(container);
    flags.value("oom-score-adj", Numbers::signed).ifPresent(n -> container.put("OomScoreAdj", n));
    mounts(container);
    Tree.editMap(
        container,
        "Sysctls",
        Words.map(flags.all("sysctl-rm")).keySet(),
        Words.map(flags.all("sysctl-add")));
    ulimits(container);
    lists(container);
    policies.health(container);
    if (flags.hasAny("cap-add", "cap-drop")) {
      Capabilities.edit(container, flags.all("cap-add"), flags.all("cap-drop"));
    }
    new FileEdits(flags, container, references).apply();
  }

  private void environment(ObjectNode task) {
    if (!flags.hasAny("env-add", "env-rm")) {
      return;
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (String variable : Tree.strings(task, "Env")) {
      variables.put(Words.pair(variable).key(), variable);
    }
    flags.all("env-rm").forEach(variables::remove);
    for (String variable : flags.values("env-add", environment::complete)) {
      variables.put(Words.pair(variable).key(), variable);
    }
    Tree.setStrings(task, "Env", List.copyOf(variables.values()));
  }

  private void grace(ObjectNode task) {
    flags
        .value("stop-grace-period", Durations::parseNanos)
        .ifPresent(nanos -> task.put("StopGracePeriod", nanos));
  }

  private void mounts(ObjectNode container) {
    if (!flags.hasAny("mount-add", "mount-rm")) {
      return;
    }
    Map<String, JsonNode> byTarget = new LinkedHashMap<>();
    for (JsonNode mount : Tree.items(container, "Mounts")) {
      byTarget.put(mount.path("Target").asText(), mount);
    }
    Set<String> added = new HashSet<>();
    for (ObjectNode mount : flags.values("mount-add", Mounts::parse)) {
      String target = mount.path("Target").asText();
      if (!added.add(target)) {
        throw UsageError.conflict("--mount-add names the target " + target + " twice");
      }
      byTarget.put(target, mount);
    }
    flags.all("mount-rm").forEach(byTarget::remove);
    List<JsonNode> mounts = new ArrayList<>(byTarget.values());
    mounts.sort(
        Comparator.comparing((JsonNode mount) -> mount.path("Source").asText())
            .thenComparing(mount -> mount.path("Target").asText()));
    Tree.setItems(container, "Mounts", mounts);
  }

  private void ulimits(ObjectNode container) {
    if (!flags.hasAny("ulimit-add", "ulimit-rm")) {
      return;
    }
    Map<String, JsonNode> byName = new java.util.TreeMap<>();
    Tree.items(container, "Ulimits").forEach(u -> byName.put(u.path("Name").asText(), u));
    Words.map(flags.all("ulimit-rm")).keySet().forEach(byName::remove);
    flags.values("ulimit-add", Syntax::ulimit).forEach(u -> byName.put(u.path("Name").asText(), u));
    Tree.setItems(container, "Ulimits", List.copyOf(byName.values()));
  }

  private void lists(ObjectNode container) {
    edit(container, "Groups", flags.all("group-add"), "group-add", "group-rm");
    if (flags.hasAny(
        "dns-add",
        "dns-rm",
        "dns-option-add",
        "dns-option-rm",
        "dns-search-add",
        "dns-search-rm")) {
      ObjectNode dns = Tree.child(container, "DNSConfig");
      edit(dns, "Nameservers", flags.values("dns-add", Syntax::ip), "dns-add", "dns-rm");
      edit(dns, "Options", flags.all("dns-option-add"), "dns-option-add", "dns-option-rm");
      edit(
          dns,
          "Search",
          flags.values("dns-search-add", Syntax::dnsSearch),
          "dns-search-add",
          "dns-search-rm");
    }
    if (flags.hasAny("host-add", "host-rm")) {
      List<String> hosts = Hosts.without(Tree.strings(container, "Hosts"), flags.all("host-rm"));
      hosts.addAll(flags.values("host-add", Syntax::extraHost));
      Tree.setStrings(container, "Hosts", hosts.stream().distinct().toList());
    }
  }

  /** Adds to and takes from a list that the spec keeps sorted. */
  private void edit(ObjectNode node, String field, List<String> added, String add, String remove) {
    if (!flags.hasAny(add, remove)) {
      return;
    }
    Set<String> all = new java.util.TreeSet<>(Tree.strings(node, field));
    all.addAll(added);
    flags.all(remove).forEach(all::remove);
    Tree.setStrings(node, field, List.copyOf(all));
  }

  private void genericResources() {
    if (!flags.hasAny("generic-resource-add", "generic-resource-rm")) {
      return;
    }
    ObjectNode reserved = Tree.child(Tree.child(template, "Resources"), "Reservations");
    Map<String, JsonNode> byKind = new LinkedHashMap<>();
    Tree.items(reserved, "GenericResources").forEach(r -> byKind.put(kind(r), r));
    flags
        .values("generic-resource-add", Syntax::genericResource)
        .forEach(r -> byKind.put(kind(r), r));
    for (String kind : flags.all("generic-resource-rm")) {
      if (byKind.remove(kind) == null) {
        throw UsageError.conflict(
            "--generic-resource-rm " + kind + ": the service reserves none of that kind");
      }
    }
    Tree.setItems(reserved, "GenericResources", List.copyOf(byKind.values()));
  }

  private static String kind(JsonNode resource) {
    JsonNode discrete = resource.path("DiscreteResourceSpec").path("Kind");
    return discrete.isTextual()
        ? discrete.textValue()
        : resource.path("NamedResourceSpec").path("Kind").asText();
  }

  private void placement() {
    if (flags.hasAny("constraint-add", "constraint-rm")) {
      edit(
          Tree.child(template, "Placement"),
          "Constraints",
          flags.all("constraint-add"),
          "constraint-add",
          "constraint-rm");
    }
    if (flags.hasAny("placement-pref-add", "placement-pref-rm")) {
      ObjectNode placement = Tree.child(template, "Placement");
      List<JsonNode> preferences = Tree.items(placement, "Preferences");
      preferences.removeAll(flags.values("placement-pref-rm", Syntax::placementPreference));
      preferences.addAll(flags.values("placement-pref-add", Syntax::placementPreference));
      Tree.setItems(placement, "Preferences", preferences);
    }
    flags
        .value("replicas-max-per-node", Numbers::uint)
        .ifPresent(n -> Tree.child(template, "Placement").put("MaxReplicas", n));
  }

  private void networks() throws IOException {
    if (!flags.hasAny("network-add", "network-rm")) {
      return;
    }
    Map<String, JsonNode> byTarget = new java.util.TreeMap<>();
    Tree.items(template, "Networks").forEach(n -> byTarget.put(n.path("Target").asText(), n));
    for (String name : flags.all("network-rm")) {
      byTarget.remove(references.networkId(name));
    }
    for (ObjectNode network : flags.values("network-add", NetworkAttachments::parse)) {
      String name = network.path("Target").asText();
      String id = references.networkId(name);
      if (byTarget.put(id, network.put("Target", id)) != null) {
        throw UsageError.conflict("service is already attached to network " + name);
      }
    }
    Tree.setItems(template, "Networks", List.copyOf(byTarget.values()));
  }

  private void replicas() {
    ObjectNode mode = Tree.child(spec, "Mode");
    flags
        .value("replicas", Numbers::uint)
        .ifPresent(
            replicas -> {
              if (mode.path("Replicated") instanceof ObjectNode replicated) {
                replicated.put("Replicas", replicas);
              } else if (mode.path("ReplicatedJob") instanceof ObjectNode job) {
                job.put("TotalCompletions", replicas);
              } else {
                throw UsageError.conflict(
                    "--replicas is not for global services, which run one task on every node");
              }
            });
    flags
        .value("max-concurrent", Numbers::uint)
        .ifPresent(
            concurrent -> {
              if (!(mode.path("ReplicatedJob") instanceof ObjectNode job)) {
                throw UsageError.conflict(CreateSpec.JOBS_ONLY);
              }
              job.put("MaxConcurrent", concurrent);
            });
  }

  private void endpoint() {
    if (flags.has("endpoint-mode")) {
      Tree.child(spec, "EndpointSpec")
          .put("Mode", flags.text("endpoint-mode").toLowerCase(Locale.ROOT));
    }
    if (flags.hasAny("publish-add", "publish-rm")) {
      ports(Tree.child(spec, "EndpointSpec"));
    }
  }

  private void ports(ObjectNode endpoint) {
    List<ObjectNode> removed = ports("publish-rm");
    Map<String, JsonNode> ports = new java.util.TreeMap<>();
    for (JsonNode port : Tree.items(endpoint, "Ports")) {
      if (removed.stream().noneMatch(gone -> samePort(gone, port))) {
        ports.put(portKey(port), port);
      }
    }
    ports("publish-add").forEach(port -> ports.putIfAbsent(portKey(port), port));
    Tree.setItems(endpoint, "Ports", List.copyOf(ports.values()));
  }

  private List<ObjectNode> ports(String flag) {
    return flags.values(flag, PublishedPorts::parse).stream().flatMap(List::stream).toList();
  }

  private static boolean samePort(JsonNode a, JsonNode b) {
    return a.path("TargetPort").asLong() == b.path("TargetPort").asLong()
        && or(a.path("Protocol"), "tcp").equals(or(b.path("Protocol"), "tcp"))
        && or(a.path("PublishMode"), "ingress").equals(or(b.path("PublishMode"), "ingress"));
  }

  private static String portKey(JsonNode port) {
    return port.path("PublishedPort").asLong()
        + ":"
        + port.path("TargetPort").asLong()
        + "/"
        + or(port.path("Protocol"), "tcp")
        + "/"
        + or(port.path("PublishMode"), "ingress");
  }

  private static String or(JsonNode text, String otherwise) {
    return text.asText().isEmpty() ? otherwise : text.asText();
  }

  private void text(ObjectNode node, String flag, String field) {
    if (flags.has(flag)) {
      Tree.setText(node, field, flags.text(flag));
    }
  }

  private void flag(ObjectNode node, String flag, String field) {
    if (flags.has(flag)) {
      node.put(field, flags.on(flag));
    }
  }
}
