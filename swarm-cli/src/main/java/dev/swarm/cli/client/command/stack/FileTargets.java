package dev.swarm.cli.client.command.stack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.spec.FileReferences;
import dev.swarm.cli.client.command.spec.FileReferences.Kind;
import dev.swarm.cli.client.command.spec.References;
import dev.swarm.cli.client.command.spec.Tree;
import dev.swarm.cli.client.command.stack.Value.Mapping;
import dev.swarm.cli.client.command.stack.Value.Scalar;
import dev.swarm.cli.http.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Converts a service's secrets and configs, and the credential spec that may be one of the latter.
 */
final class FileTargets {
  private static final long MODE_USUAL = 0444;

  private final Project project;
  private final Stack stack;

  FileTargets(Project project, Stack stack) {
    this.project = project;
    this.stack = stack;
  }

  /** Whether the file declares all that the service names. */
  void check(Mapping service) {
    references(service, Kind.SECRET, "secrets");
    references(service, Kind.CONFIG, "configs");
    credentialConfig(service);
  }

  void attach(Mapping service, ObjectNode container, References cluster) throws IOException {
    List<ObjectNode> secrets = references(service, Kind.SECRET, "secrets");
    if (!secrets.isEmpty()) {
      Map<String, String> ids = cluster.secretIds(FileReferences.names(Kind.SECRET, secrets));
      Tree.setItems(container, "Secrets", resolved(service, Kind.SECRET, secrets, ids));
    }
    List<ObjectNode> configs = references(service, Kind.CONFIG, "configs");
    String credential = credentialConfig(service);
    if (!credential.isEmpty()) {
      ObjectNode reference = Json.object();
      reference.putObject("Runtime");
      configs.add(reference.put(Kind.CONFIG.nameField(), credential));
    }
    Map<String, String> ids = Map.of();
    if (!configs.isEmpty()) {
      ids = cluster.configIds(FileReferences.names(Kind.CONFIG, configs));
      Tree.setItems(container, "Configs", resolved(service, Kind.CONFIG, configs, ids));
    }
    credentialSpec(service, container, ids.getOrDefault(credential, credential));
  }

  private List<ObjectNode> references(Mapping service, Kind kind, String section) {
    List<ObjectNode> references = new ArrayList<>();
    for (Value item : service.items(section)) {
      Mapping file = (Mapping) item;
      Scalar source = file.scalar("source").orElseThrow();
      ObjectNode reference = Json.object();
      reference
          .putObject("File")
          .put("Name", file.text("target").orElse(source.text()))
          .put("UID", file.text("uid").orElse("0"))
          .put("GID", file.text("gid").orElse("0"))
          .put("Mode", file.number("mode").orElse(MODE_USUAL));
      references.add(reference.put(kind.nameField(), name(source, section)));
    }
    return references;
  }

  private String name(Scalar source, String section) {
    Mapping all = project.tree().child(section);
    if (!all.entries().containsKey(source.text())) {
      String noun = section.substring(0, section.length() - 1);
      throw source
          .place()
          .error(
              "undefined "
                  + noun
                  + " \""
                  + source.text()
                  + "\"; declare it under \""
                  + section
                  + ":\"");
    }
    return stack.resolve(source.text(), all.child(source.text()));
  }

  private static List<ObjectNode> resolved(
      Mapping service, Kind kind, List<ObjectNode> references, Map<String, String> ids) {
    try {
      List<ObjectNode> all = FileReferences.resolve(kind, references, ids);
      // In another order they would be another spec, and every task would be replaced.
      all.sort(Comparator.comparing(reference -> reference.path(kind.nameField()).asText()));
      return all;
    } catch (IllegalArgumentException e) {
      throw service.place().error(String.valueOf(e.getMessage()));
    }
  }

  private String credentialConfig(Mapping service) {
    Mapping spec = service.child("credential_spec");
    if (spec.entries().size() > 1) {
      throw spec.place()
          .error("invalid credential spec: only one of config, file and registry can be given");
    }
    return spec.scalar("config").map(config -> name(config, "configs")).orElse("");
  }

  private static void credentialSpec(Mapping service, ObjectNode container, String configId) {
    Mapping given = service.child("credential_spec");
    if (given.entries().isEmpty()) {
      return;
    }
    ObjectNode spec = Tree.child(container, "Privileges").putObject("CredentialSpec");
    Tree.setText(spec, "Config", configId);
    given.text("file").ifPresent(file -> spec.put("File", file));
    given.text("registry").ifPresent(key -> spec.put("Registry", key));
  }
}
