package dev.swarm.cli.client.command.stack;

import static dev.swarm.cli.client.command.stack.Shapes.BOOLEAN;
import static dev.swarm.cli.client.command.stack.Shapes.LABELS;
import static dev.swarm.cli.client.command.stack.Shapes.OPTIONS;
import static dev.swarm.cli.client.command.stack.Shapes.TEXT;
import static dev.swarm.cli.client.command.stack.Shapes.list;

import dev.swarm.cli.client.command.stack.Value.Kind;
import dev.swarm.cli.client.command.stack.Value.Mapping;
import dev.swarm.cli.client.command.stack.Value.Scalar;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Shape of a whole Compose file. */
final class FileShapes {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]+");

  private static final Fields IPAM_CONFIG =
      new Fields()
          .field("subnet", TEXT)
          .field("gateway", TEXT)
          .field("ip_range", TEXT)
          .field("aux_addresses", OPTIONS);

  private static final ComposeShape NETWORK =
      external(
          "network",
          new Fields()
              .field("driver", TEXT)
              .field("driver_opts", OPTIONS)
              .field(
                  "ipam",
                  new Fields()
                      .field("driver", TEXT)
                      .field("config", list(IPAM_CONFIG))
                      .field("options", OPTIONS))
              .field("internal", BOOLEAN)
              .field("attachable", BOOLEAN)
              .field("enable_ipv6", BOOLEAN)
              .field("enable_ipv4", BOOLEAN)
              .field("labels", LABELS),
          List.of());

  private static final ComposeShape VOLUME =
      external(
          "volume",
          new Fields().field("driver", TEXT).field("driver_opts", OPTIONS).field("labels", LABELS),
          List.of("driver", "driver_opts", "labels"));

  private static final ComposeShape SECRET =
      external(
          "secret",
          file().field("driver", TEXT).field("driver_opts", OPTIONS),
          List.of("file", "environment", "content", "driver"));

  private static final ComposeShape CONFIG =
      external("config", file(), List.of("file", "environment", "content"));

  static final Fields FILE =
      new Fields()
          .field("version", TEXT)
          .field("services", named(ComposeServiceShapes.SERVICE))
          .field("networks", named(NETWORK))
          .field("volumes", named(VOLUME))
          .field("secrets", named(SECRET))
          .field("configs", named(CONFIG))
          .silent("name")
          .unsupported("models")
          .forbidden("name the other file with another -c instead", "include");

  private FileShapes() {}

  private static Fields file() {
    return new Fields()
        .field("file", TEXT)
        .field("environment", TEXT)
        .field("content", TEXT)
        .field("labels", LABELS)
        .field("template_driver", TEXT);
  }

  /** Something that may be there already; then {@code others} cannot be said of it. */
  private static ComposeShape external(String noun, Fields fields, List<String> others) {
    fields.field("name", TEXT).field("external", FileShapes::isExternal);
    return (value, notes) -> {
      Mapping mapping = fields.read(value, notes);
      if (!(mapping.entries().get("external") instanceof Mapping outside)) {
        return mapping;
      }
      boolean there = outside.on("external");
      if (!there) {
        return mapping.without("external");
      }
      for (String other : others) {
        if (mapping.get(other).isPresent()) {
          throw mapping
              .place()
              .error(
                  "conflicting parameters \"external\" and \""
                      + other
                      + "\": an external "
                      + noun
                      + " is used as it is; take one of them out");
        }
      }
      return named(mapping, outside);
    };
  }

  private static Mapping named(Mapping mapping, Mapping outside) {
    Scalar yes = new Scalar(outside.place(), Kind.BOOLEAN, "true", false);
    Mapping result = mapping.with("external", yes);
    Optional<Scalar> name = outside.scalar("name");
    if (name.isPresent() && mapping.get("name").isPresent()) {
      throw outside.place().error("\"external.name\" and \"name\" conflict; only use \"name\"");
    }
    return name.map(given -> result.with("name", given)).orElse(result);
  }

  /** {@code true}, or in old files {@code {name: …}}. */
  private static Value isExternal(Value value, Notes notes) {
    Scalar yes = new Scalar(value.place(), Kind.BOOLEAN, "true", false);
    return value instanceof Mapping
        ? new Fields().field("name", TEXT).read(value, notes).with("external", yes)
        : Mapping.empty(value.place()).with("external", BOOLEAN.read(value, notes));
  }

  private static ComposeShape named(ComposeShape entry) {
    ComposeShape map = Shapes.map(entry);
    return (value, notes) -> {
      if (value instanceof Mapping mapping) {
        mapping
            .keys()
            .forEach(
                (name, place) -> {
                  if (!NAME.matcher(name).matches()) {
                    throw place.error(
                        "the name \""
                            + name
                            + "\" may only have letters, digits, '.', '_' and"
                            + " '-'");
                  }
                });
      }
      return map.read(value, notes);
    };
  }
}
