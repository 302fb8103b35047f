package dev.swarm.cli.client.command.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Durations;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.Numbers;
import dev.swarm.cli.client.command.flag.UsageError;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.cli.http.Json;
import dev.swarm.core.docker.ImageReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;

/** Builds the Engine API's ServiceSpec from the flags of {@code service create}. */
public final class CreateSpec {
  static final String JOBS_ONLY = "--max-concurrent is for replicated jobs only";

  private final Flags flags;
  private final List<String> operands;
  private final References references;
  private final Environment environment;
  private final Policies policies;

  private CreateSpec(
      Flags flags, List<String> operands, Map<String, String> environment, References references) {
    this.flags = flags;
    this.operands = operands;
    this.references = references;
    this.environment = new Environment(environment);
    this.policies = new Policies(flags);
  }

  /**
   * @param operands the image, or the program with {@code --runtime process}, and its arguments
   * @param environment the caller's own variables
   * @throws UsageError for flags that make no sense
   */
  public static ObjectNode of(
      Flags flags, List<String> operands, Map<String, String> environment, References references)
      throws IOException {
    return new CreateSpec(flags, operands, environment, references).spec();
  }

  private ObjectNode spec() throws IOException {
    ObjectNode spec = Json.object();
    Tree.setText(spec, "Name", flags.text("name"));
    Tree.setMap(spec, "Labels", Words.map(flags.values("label", Syntax::label)));
    ObjectNode template = spec.putObject("TaskTemplate");
    switch (flags.text("runtime")) {
      case "", "container" -> container(template.putObject("ContainerSpec"));
      case ProcessRuntime.NAME -> process(template);
      default -> throw new IllegalStateException("runtime " + flags.text("runtime"));
    }
    task(template);
    ObjectNode mode = spec.putObject("Mode");
    mode(mode);
    policies.updatePolicy(spec, "update", "UpdateConfig");
    policies.updatePolicy(spec, "rollback", "RollbackConfig");
    boolean job = mode.has("ReplicatedJob") || mode.has("GlobalJob");
    if (job && (spec.has("UpdateConfig") || spec.has("RollbackConfig"))) {
      throw UsageError.conflict("--update-… and --rollback-… are not for jobs");
    }
    endpoint(spec.putObject("EndpointSpec"));
    return spec;
  }

  private void process(ObjectNode template) throws IOException {
    ProcessRuntime.check(flags);
    template.put("Runtime", ProcessRuntime.NAME);
    ObjectNode process = template.putObject("ProcessSpec");
    process.set("Command", Json.strings(operands));
    process.set("Env", Json.strings(variables()));
    process.put("Dir", flags.text("workdir")).put("StopSignal", flags.text("stop-signal"));
    graceNanos().ifPresent(nanos -> process.put("StopGracePeriod", nanos));
  }

  private void container(ObjectNode container) throws IOException {
    container.put("Image", ImageReference.normalized(operands.getFirst()));
    Tree.setStrings(container, "Args", operands.subList(1, operands.size()));
    Tree.setStrings(
        container, "Command", flags.value("entrypoint", Words::shell).orElse(List.of()));
    Tree.setStrings(container, "Env", variables());
    Tree.setText(container, "Hostname", flags.text("hostname"));
    Tree.setMap(container, "Labels", Words.map(flags.values("container-label", Syntax::label)));
    Tree.setText(container, "Dir", flags.text("workdir"));
    Tree.setText(container, "User", flags.text("user"));
    Tree.setStrings(container, "Groups", flags.all("group"));
    Tree.setText(container, "StopSignal", flags.text("stop-signal"));
    graceNanos().ifPresent(nanos -> container.put("StopGracePeriod", nanos));
    setIfOn(container, "TTY", "tty");
    setIfOn(container, "ReadOnly", "read-only");
    container.put("Init", flags.on("init"));
    Tree.setText(container, "Isolation", flags.text("isolation"));
    flags.value("oom-score-adj", Numbers::signed).ifPresent(n -> container.put("OomScoreAdj", n));
    Tree.setItems(container, "Mounts", flags.values("mount", Mounts::parse));
    names(container);
    kernel(container);
    policies.health(container);
    files(container);
  }

  private void names(ObjectNode container) {
    ObjectNode dns = container.putObject("DNSConfig");
    Tree.setStrings(dns, "Nameservers", flags.values("dns", Syntax::ip));
    Tree.setStrings(dns, "Search", flags.values("dns-search", Syntax::dnsSearch));
    Tree.setStrings(dns, "Options", flags.all("dns-option"));
    Tree.setStrings(container, "Hosts", flags.values("host", Syntax::extraHost));
  }

  private void kernel(ObjectNode container) {
    Tree.setMap(container, "Sysctls", Words.map(flags.all("sysctl")));
    List<ObjectNode> ulimits = new ArrayList<>(flags.values("ulimit", Syntax::ulimit));
    ulimits.sort(Comparator.comparing(limit -> limit.path("Name").asText()));
    Tree.setItems(container, "Ulimits", ulimits);
    NavigableSet<String> added = Syntax.capabilities(flags.all("cap-add"));
    NavigableSet<String> dropped = Syntax.capabilities(flags.all("cap-drop"));
    dropped.removeIf(added::contains);
    Tree.setStrings(container, "CapabilityAdd", allOr(added));
    Tree.setStrings(container, "CapabilityDrop", allOr(dropped));
  }

  static List<String> allOr(NavigableSet<String> capabilities) {
    return capabilities.contains("ALL") ? List.of("ALL") : List.copyOf(capabilities);
  }

  private void files(ObjectNode container) throws IOException {
    var secret = FileReferences.Kind.SECRET;
    List<ObjectNode> secrets = flags.values("secret", text -> FileReferences.parse(secret, text));
    if (!secrets.isEmpty()) {
      Map<String, String> ids = references.secretIds(FileReferences.names(secret, secrets));
      Tree.setItems(container, "Secrets", resolved(secret, secrets, ids));
    }
    var config = FileReferences.Kind.CONFIG;
    List<ObjectNode> configs =
        new ArrayList<>(flags.values("config", text -> FileReferences.parse(config, text)));
    Optional<ObjectNode> credential =
        flags.value("credential-spec", Syntax::credentialSpec).filter(spec -> !spec.isEmpty());
    credential
        .map(spec -> spec.path("Config").asText())
        .filter(name -> !name.isEmpty())
        .ifPresent(name -> configs.add(runtimeConfig(name)));
    Map<String, String> ids = Map.of();
    if (!configs.isEmpty()) {
      ids = references.configIds(FileReferences.names(config, configs));
      Tree.setItems(container, "Configs", resolved(config, configs, ids));
    }
    if (credential.isPresent()) {
      ObjectNode spec = credential.get();
      if (spec.has("Config")) {
        String name = spec.path("Config").asText();
        spec.put("Config", ids.getOrDefault(name, name));
      }
      container.putObject("Privileges").set("CredentialSpec", spec);
    }
  }

  /** A config that a credential spec needs, and no file shows. */
  static ObjectNode runtimeConfig(String name) {
    ObjectNode reference = Json.object();
    reference.putObject("Runtime");
    return reference.put(FileReferences.Kind.CONFIG.nameField(), name);
  }

  static List<ObjectNode> resolved(
      FileReferences.Kind kind, List<ObjectNode> references, Map<String, String> ids) {
    try {
      return FileReferences.resolve(kind, references, ids);
    } catch (IllegalArgumentException e) {
      throw UsageError.conflict(String.valueOf(e.getMessage()));
    }
  }

  private void task(ObjectNode template) throws IOException {
    List<ObjectNode> networks = new ArrayList<>();
    for (ObjectNode network : flags.values("network", NetworkAttachments::parse)) {
      networks.add(network.put("Target", references.networkId(network.path("Target").asText())));
    }
    networks.sort(Comparator.comparing(network -> network.path("Target").asText()));
    Tree.setItems(template, "Networks", networks);
    ObjectNode resources = template.putObject("Resources");
    resources.putObject("Limits");
    resources.putObject("Reservations");
    policies.resources(template);
    List<ObjectNode> generic = flags.values("generic-resource", Syntax::genericResource);
    Tree.setItems(Tree.child(resources, "Reservations"), "GenericResources", generic);
    policies.restartPolicy(template);
    ObjectNode placement = template.putObject("Placement");
    Tree.setStrings(placement, "Constraints", flags.all("constraint"));
    Tree.setItems(
        placement, "Preferences", flags.values("placement-pref", Syntax::placementPreference));
    flags
        .value("replicas-max-per-node", Numbers::uint)
        .ifPresent(n -> placement.put("MaxReplicas", n));
    if (!flags.text("log-driver").isEmpty()) {
      ObjectNode driver = template.putObject("LogDriver").put("Name", flags.text("log-driver"));
      Tree.setMap(driver, "Options", Words.map(flags.all("log-opt")));
    }
  }

  private void mode(ObjectNode mode) {
    Optional<Long> replicas = flags.value("replicas", Numbers::uint);
    Optional<Long> concurrent = flags.value("max-concurrent", Numbers::uint);
    String wanted = flags.text("mode").isEmpty() ? "replicated" : flags.text("mode");
    switch (wanted) {
      case "replicated" -> {
        reject(concurrent.isPresent(), JOBS_ONLY);
        ObjectNode replicated = mode.putObject("Replicated");
        replicas.ifPresent(n -> replicated.put("Replicas", n));
      }
      case "replicated-job" -> {
        ObjectNode job = mode.putObject("ReplicatedJob");
        concurrent.or(() -> replicas).ifPresent(n -> job.put("MaxConcurrent", n));
        replicas.ifPresent(n -> job.put("TotalCompletions", n));
      }
      case "global", "global-job" -> {
        reject(
            replicas.isPresent(),
            "--replicas is not for --mode " + wanted + ", which runs one task on every node");
        reject(
            flags.value("replicas-max-per-node", Numbers::uint).orElse(0L) > 0,
            "--replicas-max-per-node is not for --mode "
                + wanted
                + ", which runs one task on every node");
        reject(concurrent.isPresent(), JOBS_ONLY);
        mode.putObject(wanted.equals("global") ? "Global" : "GlobalJob");
      }
      default -> throw new IllegalStateException("mode " + wanted);
    }
  }

  private static void reject(boolean condition, String message) {
    if (condition) {
      throw UsageError.conflict(message);
    }
  }

  private void endpoint(ObjectNode endpoint) {
    String mode = flags.text("endpoint-mode").toLowerCase(Locale.ROOT);
    endpoint.put("Mode", mode.isEmpty() ? "vip" : mode);
    List<ObjectNode> ports =
        flags.values("publish", PublishedPorts::parse).stream().flatMap(List::stream).toList();
    Tree.setItems(endpoint, "Ports", ports);
  }

  private List<String> variables() throws IOException {
    flags.values("env", environment::complete);
    return environment.collect(flags.all("env-file"), flags.all("env"));
  }

  private Optional<Long> graceNanos() {
    return flags.value("stop-grace-period", Durations::parseNanos);
  }

  private void setIfOn(ObjectNode node, String field, String flag) {
    if (flags.on(flag)) {
      node.put(field, true);
    }
  }
}
