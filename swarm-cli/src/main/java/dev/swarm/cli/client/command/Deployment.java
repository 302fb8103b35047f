package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.spec.Tree;
import dev.swarm.cli.client.command.stack.Project;
import dev.swarm.cli.client.command.stack.Stack;
import dev.swarm.cli.client.command.stack.StackObjects;
import dev.swarm.cli.client.command.stack.StackServices;
import dev.swarm.cli.http.DaemonRejection;
import dev.swarm.cli.http.Target;
import dev.swarm.core.docker.ImageReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Creates, updates and removes a stack's objects until the cluster has what a project says, step by
 * step. Asking again changes nothing.
 */
final class Deployment {
  private static final Set<String> PREDEFINED = Set.of("default", "bridge", "host", "none");

  private final Context context;
  private final Project project;
  private final Stack stack;
  private final StackSelection selection;
  private final String resolveImage;
  private final boolean withAuth;

  /**
   * @param resolveImage {@code always}, {@code changed} or {@code never}
   * @param withAuth whether to send the registries' credentials along
   */
  Deployment(Context context, Project project, Stack stack, String resolveImage, boolean withAuth) {
    this.context = context;
    this.project = project;
    this.stack = stack;
    this.selection = new StackSelection(context, stack);
    this.resolveImage = resolveImage;
    this.withAuth = withAuth;
  }

  /** Removes the services that the project no longer has. */
  void prune() throws IOException {
    List<JsonNode> gone = new ArrayList<>();
    for (JsonNode service : selection.all("services")) {
      if (!project.serviceNames().contains(stack.descope(StackRm.name(service)))) {
        gone.add(service);
      }
    }
    StackRm.removeAll(context, "services", gone);
  }

  /** Networks first, then what services mount, then the services, which it returns. */
  List<Convergence.Watched> run() throws IOException {
    StackObjects objects = new StackObjects(project, stack);
    List<ObjectNode> secrets = objects.secrets();
    List<ObjectNode> configs = objects.configs();
    checkExternal(objects.externalNetworks());
    createNetworks(objects.networks());
    for (ObjectNode secret : secrets) {
      store(Stored.SECRET, secret);
    }
    for (ObjectNode config : configs) {
      store(Stored.CONFIG, config);
    }
    return deploy(new StackServices(project, stack).specs(new ApiReferences(context.api())));
  }

  private void checkExternal(List<String> names) throws IOException {
    for (String name : names) {
      if (PREDEFINED.contains(name)) {
        continue;
      }
      String declared = "network \"" + name + "\" is declared as external, but ";
      try {
        String scope = context.api().get(Target.of("networks", name)).path("Scope").asText();
        if (!scope.equals("swarm")) {
          throw new IOException(
              declared + "it is not in the right scope: \"" + scope + "\" instead of \"swarm\"");
        }
      } catch (DaemonRejection e) {
        throw e.notFound()
            ? new IOException(
                declared
                    + "could not be found. You need to create a swarm-scoped network before the"
                    + " stack is deployed",
                e)
            : e;
      }
    }
  }

  private void createNetworks(List<ObjectNode> networks) throws IOException {
    Set<String> there = new TreeSet<>();
    selection.all("networks").forEach(network -> there.add(StackRm.name(network)));
    for (ObjectNode network : networks) {
      String name = network.path("Name").asText();
      if (!there.contains(name)) {
        context.line("Creating network " + name);
        post(Target.of("networks", "create"), network, Map.of(), "create network " + name);
      }
    }
  }

  /** What is there already is only given its labels: the daemon refuses other data. */
  private void store(Stored kind, ObjectNode spec) throws IOException {
    String name = spec.path("Name").asText();
    String what = kind.noun() + " " + name;
    JsonNode old;
    try {
      old = context.api().get(kind.one(name));
    } catch (DaemonRejection e) {
      if (!e.notFound()) {
        throw e;
      }
      context.line("Creating " + what);
      post(kind.creation(), spec, Map.of(), "create " + what);
      return;
    }
    Target target =
        Target.of(kind.noun() + "s", old.path("ID").asText(), "update")
            .with("version", old.path("Version").path("Index").asText());
    post(target, spec, Map.of(), "update " + what);
  }

  private List<Convergence.Watched> deploy(Map<String, ObjectNode> specs) throws IOException {
    Map<String, JsonNode> there = new HashMap<>();
    selection.all("services").forEach(service -> there.put(StackRm.name(service), service));
    List<Convergence.Watched> services = new ArrayList<>();
    for (ObjectNode spec : specs.values()) {
      String name = spec.path("Name").asText();
      ObjectNode container = Tree.child(Tree.child(spec, "TaskTemplate"), "ContainerSpec");
      String image = container.path("Image").asText();
      container.put("Image", ImageReference.normalized(image));
      Map<String, String> headers =
          withAuth ? RegistryAuth.header(image, context.surroundings().environment()) : Map.of();
      JsonNode old = there.get(name);
      String id =
          old == null ? create(name, spec, headers) : update(name, old, spec, image, headers);
      services.add(new Convergence.Watched(id, name));
    }
    return services;
  }

  private String create(String name, ObjectNode spec, Map<String, String> headers)
      throws IOException {
    context.line("Creating service " + name);
    Optional<String> unpinned = pin(spec, !resolveImage.equals("never"));
    JsonNode answer =
        post(Target.of("services", "create"), spec, headers, "create service " + name);
    unpinned.ifPresent(context::warn);
    return answer.path("ID").asText();
  }

  private String update(
      String name, JsonNode old, ObjectNode spec, String image, Map<String, String> headers)
      throws IOException {
    String id = old.path("ID").asText();
    context.line("Updating service " + name + " (id: " + id + ")");
    JsonNode oldSpec = old.path("Spec");
    JsonNode oldTask = oldSpec.path("TaskTemplate");
    ObjectNode task = Tree.child(spec, "TaskTemplate");
    boolean same = image.equals(oldSpec.path("Labels").path(Stack.IMAGE_LABEL).asText());
    if (same && !resolveImage.equals("always")) {
      // With the digest it was given then, or every task would be replaced for nothing.
      Tree.child(task, "ContainerSpec")
          .put("Image", oldTask.path("ContainerSpec").path("Image").asText());
    }
    task.put("ForceUpdate", oldTask.path("ForceUpdate").asLong());
    boolean asks = resolveImage.equals("always") || (resolveImage.equals("changed") && !same);
    Optional<String> unpinned = pin(spec, asks);
    post(ServiceUpdate.target(old), spec, headers, "update service " + name);
    unpinned.ifPresent(context::warn);
    return id;
  }

  private Optional<String> pin(ObjectNode spec, boolean asks) throws IOException {
    return asks ? ImageDigest.pin(context, spec) : Optional.empty();
  }

  private JsonNode post(Target target, ObjectNode body, Map<String, String> headers, String what)
      throws IOException {
    try {
      JsonNode answer = context.api().post(target, body, headers);
      context.warn(answer);
      return answer;
    } catch (DaemonRejection e) {
      if (e.outOfSequence()) {
        throw new IOException(
            "failed to " + what + ": somebody else changed it at the same time; deploy again", e);
      }
      throw new IOException(
          "failed to " + what + ": Error response from daemon: " + e.getMessage(), e);
    }
  }
}
