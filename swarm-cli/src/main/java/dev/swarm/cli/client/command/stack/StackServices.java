package dev.swarm.cli.client.command.stack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.spec.References;
import dev.swarm.cli.client.command.spec.Tree;
import dev.swarm.cli.client.command.stack.Value.Mapping;
import dev.swarm.cli.http.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Builds the Engine API's ServiceSpecs for the services of a stack. */
public final class StackServices {
  /** Networks that every engine has; aliases mean nothing there. */
  private static final Set<String> PREDEFINED = Set.of("default", "bridge", "host", "none");

  private final Project project;
  private final Stack stack;

  public StackServices(Project project, Stack stack) {
    this.project = project;
    this.stack = stack;
  }

  /**
   * Checks what can be checked without the cluster.
   *
   * @throws ComposeError for services without an image and names that nothing in the file has
   */
  public void check() {
    for (String name : project.serviceNames()) {
      Mapping service = project.services().child(name);
      if (service.text("image").orElse("").isEmpty()) {
        throw service.place().error("no image: a swarm builds none, so name one with \"image:\"");
      }
      networks(name, service);
      new FileTargets(project, stack).check(service);
      new MountConversion(project, stack).mounts(service);
      DeployConversion.mode(service);
    }
  }

  /**
   * The specs by the name that the file has.
   *
   * @param references looks up the ids of secrets and configs
   */
  public Map<String, ObjectNode> specs(References references) throws IOException {
    Map<String, ObjectNode> specs = new LinkedHashMap<>();
    for (String name : project.serviceNames()) {
      specs.put(name, spec(name, project.services().child(name), references));
    }
    return specs;
  }

  private ObjectNode spec(String name, Mapping service, References references) throws IOException {
    Mapping deploy = service.child("deploy");
    ObjectNode spec = Json.object().put("Name", stack.scope(name));
    stack.label(spec, deploy.map("labels"));
    Tree.child(spec, "Labels").put(Stack.IMAGE_LABEL, service.text("image").orElse(""));
    ObjectNode task = spec.putObject("TaskTemplate");
    task.set("ContainerSpec", container(service, references));
    task.set("Resources", DeployConversion.resources(deploy.child("resources")));
    DeployConversion.restartPolicy(service).ifPresent(p -> task.set("RestartPolicy", p));
    task.set("Placement", DeployConversion.placement(deploy.child("placement")));
    Tree.setItems(task, "Networks", networks(name, service));
    service.get("logging").ifPresent(logging -> logging(task, (Mapping) logging));
    task.put("ForceUpdate", 0);
    spec.set("Mode", DeployConversion.mode(service));
    deploy
        .get("update_config")
        .ifPresent(c -> spec.set("UpdateConfig", DeployConversion.update((Mapping) c)));
    deploy
        .get("rollback_config")
        .ifPresent(c -> spec.set("RollbackConfig", DeployConversion.update((Mapping) c)));
    spec.set("EndpointSpec", endpoint(service, deploy));
    return spec;
  }

  private ObjectNode container(Mapping service, References references) throws IOException {
    ObjectNode container = ContainerConversion.container(service, stack);
    Tree.setItems(container, "Mounts", new MountConversion(project, stack).mounts(service));
    new FileTargets(project, stack).attach(service, container, references);
    return container;
  }

  private static void logging(ObjectNode task, Mapping logging) {
    ObjectNode driver = task.putObject("LogDriver");
    Tree.setText(driver, "Name", logging.text("driver").orElse(""));
    Tree.setMap(driver, "Options", logging.map("options"));
  }

  private List<ObjectNode> networks(String name, Mapping service) {
    Mapping wanted = service.child("networks");
    Mapping declared = project.tree().child("networks");
    List<ObjectNode> networks = new ArrayList<>();
    if (wanted.entries().isEmpty()) {
      wanted = wanted.with(StackObjects.DEFAULT_NETWORK, Mapping.empty(wanted.place()));
    }
    for (String inner : wanted.entries().keySet()) {
      if (!inner.equals(StackObjects.DEFAULT_NETWORK) && !declared.entries().containsKey(inner)) {
        throw wanted
            .keys()
            .getOrDefault(inner, wanted.place())
            .error("undefined network \"" + inner + "\"; declare it under \"networks:\"");
      }
      String target = stack.resolve(inner, declared.child(inner));
      networks.add(attachment(name, target, wanted.child(inner)));
    }
    networks.sort(Comparator.comparing(network -> network.path("Target").asText()));
    return networks;
  }

  private static ObjectNode attachment(String service, String target, Mapping options) {
    ObjectNode network = Json.object().put("Target", target);
    List<String> aliases = new ArrayList<>(options.texts("aliases"));
    if (!PREDEFINED.contains(target)) {
      aliases.add(service);
    }
    Tree.setStrings(network, "Aliases", aliases);
    Tree.setMap(network, "DriverOpts", options.map("driver_opts"));
    return network;
  }

  private static ObjectNode endpoint(Mapping service, Mapping deploy) {
    ObjectNode endpoint = Json.object();
    deploy.text("endpoint_mode").ifPresent(mode -> endpoint.put("Mode", mode));
    List<ObjectNode> ports = new ArrayList<>();
    for (Value item : service.items("ports")) {
      Mapping port = (Mapping) item;
      ObjectNode node = Json.object();
      node.put("Protocol", port.text("protocol").orElse("tcp"));
      port.number("target").ifPresent(target -> node.put("TargetPort", target));
      port.number("published")
          .filter(published -> published > 0)
          .ifPresent(published -> node.put("PublishedPort", published));
      ports.add(node.put("PublishMode", port.text("mode").orElse("ingress")));
    }
    ports.sort(
        Comparator.comparingLong((ObjectNode port) -> port.path("PublishedPort").asLong())
            .thenComparingLong(port -> port.path("TargetPort").asLong())
            .thenComparing(port -> port.path("Protocol").asText()));
    Tree.setItems(endpoint, "Ports", ports);
    return endpoint;
  }
}
