package dev.swarm.cli.client.command.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Flags;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Edits a container's secrets, configs and the credential spec that may need a config. */
final class FileEdits {
  private static final FileReferences.Kind SECRET = FileReferences.Kind.SECRET;
  private static final FileReferences.Kind CONFIG = FileReferences.Kind.CONFIG;

  private final Flags flags;
  private final ObjectNode container;
  private final References references;

  FileEdits(Flags flags, ObjectNode container, References references) {
    this.flags = flags;
    this.container = container;
    this.references = references;
  }

  void apply() throws IOException {
    if (flags.hasAny("secret-add", "secret-rm")) {
      List<ObjectNode> added = flags.values("secret-add", t -> FileReferences.parse(SECRET, t));
      Map<String, String> ids =
          added.isEmpty() ? Map.of() : references.secretIds(FileReferences.names(SECRET, added));
      List<JsonNode> secrets = kept(SECRET, flags.all("secret-rm"));
      secrets.addAll(CreateSpec.resolved(SECRET, added, ids));
      Tree.setItems(container, "Secrets", secrets);
    }
    if (flags.hasAny("config-add", "config-rm", "credential-spec")) {
      configs();
    }
  }

  private List<JsonNode> kept(FileReferences.Kind kind, List<String> removed) {
    List<JsonNode> kept = new ArrayList<>();
    for (JsonNode reference : Tree.items(container, kind == SECRET ? "Secrets" : "Configs")) {
      boolean isFile = !reference.has("Runtime");
      if (!isFile || !removed.contains(reference.path(kind.nameField()).asText())) {
        kept.add(reference);
      }
    }
    return kept;
  }

  private void configs() throws IOException {
    List<JsonNode> configs = kept(CONFIG, flags.all("config-rm"));
    List<ObjectNode> added =
        new ArrayList<>(flags.values("config-add", t -> FileReferences.parse(CONFIG, t)));
    Optional<ObjectNode> credential = flags.value("credential-spec", Syntax::credentialSpec);
    String wanted = credential.map(spec -> spec.path("Config").asText()).orElse("");
    if (credential.isPresent()) {
      configs.removeIf(config -> config.has("Runtime"));
      if (!wanted.isEmpty()) {
        added.add(CreateSpec.runtimeConfig(wanted));
      }
    }
    Map<String, String> ids =
        added.isEmpty() ? Map.of() : references.configIds(FileReferences.names(CONFIG, added));
    configs.addAll(CreateSpec.resolved(CONFIG, added, ids));
    Tree.setItems(container, "Configs", configs);
    credential.ifPresent(spec -> credential(spec, ids));
  }

  private void credential(ObjectNode spec, Map<String, String> ids) {
    if (spec.isEmpty()) {
      if (container.path("Privileges") instanceof ObjectNode privileges) {
        privileges.remove("CredentialSpec");
      }
      return;
    }
    if (spec.has("Config")) {
      String name = spec.path("Config").asText();
      spec.put("Config", ids.getOrDefault(name, name));
    }
    Tree.child(container, "Privileges").set("CredentialSpec", spec);
  }
}
