package dev.swarm.worker.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.worker.engine.EngineOffer;
import docker.swarmkit.v1.EngineDescription;
import docker.swarmkit.v1.GenericResource;
import docker.swarmkit.v1.Platform;
import docker.swarmkit.v1.PluginDescription;
import docker.swarmkit.v1.Resources;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;

/** Converts an engine's {@code /info} to its part of a node's description. */
final class EngineInfo {
  private static final Comparator<PluginDescription> ORDER =
      Comparator.comparing(PluginDescription::getType).thenComparing(PluginDescription::getName);

  private EngineInfo() {}

  /**
   * @param info the reply to {@code GET /info}
   */
  static EngineOffer of(JsonNode info) {
    Resources.Builder resources =
        Resources.newBuilder()
            .setNanoCpus(info.path("NCPU").asLong() * 1_000_000_000L)
            .setMemoryBytes(info.path("MemTotal").asLong());
    info.path("GenericResources").forEach(resource -> add(resources, resource));
    EngineDescription.Builder engine =
        EngineDescription.newBuilder().setEngineVersion(info.path("ServerVersion").asText());
    info.path("Labels").forEach(label -> addLabel(engine, label.asText()));
    return new EngineOffer(
        Platform.newBuilder()
            .setArchitecture(info.path("Architecture").asText())
            .setOs(info.path("OSType").asText())
            .build(),
        resources.build(),
        engine.addAllPlugins(plugins(info.path("Plugins"))).build());
  }

  private static Set<PluginDescription> plugins(JsonNode known) {
    TreeSet<PluginDescription> plugins = new TreeSet<>(ORDER);
    plugins.add(plugin(EngineOffer.RUNTIME, "container"));
    known.path("Volume").forEach(name -> plugins.add(plugin("Volume", name.asText())));
    known.path("Log").forEach(name -> plugins.add(plugin("Log", name.asText())));
    for (JsonNode name : known.path("Network")) {
      // The engine could, but this node does not carry networks between nodes.
      if (!name.asText().equals("overlay")) {
        plugins.add(plugin("Network", name.asText()));
      }
    }
    return plugins;
  }

  private static PluginDescription plugin(String type, String name) {
    return PluginDescription.newBuilder().setType(type).setName(name).build();
  }

  private static void addLabel(EngineDescription.Builder engine, String label) {
    int equals = label.indexOf('=');
    engine.putLabels(
        equals < 0 ? label : label.substring(0, equals),
        equals < 0 ? "" : label.substring(equals + 1));
  }

  private static void add(Resources.Builder resources, JsonNode resource) {
    JsonNode named = resource.path("NamedResourceSpec");
    JsonNode discrete = resource.path("DiscreteResourceSpec");
    GenericResource.Builder generic = GenericResource.newBuilder();
    if (named.isObject()) {
      generic
          .getNamedResourceSpecBuilder()
          .setKind(named.path("Kind").asText())
          .setValue(named.path("Value").asText());
    } else if (discrete.isObject()) {
      generic
          .getDiscreteResourceSpecBuilder()
          .setKind(discrete.path("Kind").asText())
          .setValue(discrete.path("Value").asLong());
    }
    resources.addGeneric(generic);
  }
}
