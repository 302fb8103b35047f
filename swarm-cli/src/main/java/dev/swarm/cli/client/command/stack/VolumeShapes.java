package dev.swarm.cli.client.command.stack;

import dev.swarm.cli.client.command.stack.Value.Kind;
import dev.swarm.cli.client.command.stack.Value.Mapping;
import dev.swarm.cli.client.command.stack.Value.Scalar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Shape of a service's volumes, in long form: a mapping each. */
final class VolumeShapes {
  static final ComposeShape VOLUMES = Shapes.list(VolumeShapes::read);

  private static final Set<String> PROPAGATIONS =
      Set.of("rprivate", "private", "rshared", "shared", "rslave", "slave");

  private static final Fields LONG =
      new Fields()
          .field("type", Shapes.oneOf("volume", "bind", "tmpfs", "npipe", "cluster", "image"))
          .field("source", Shapes.TEXT)
          .field("target", Shapes.TEXT)
          .field("read_only", Shapes.BOOLEAN)
          .field("consistency", Shapes.TEXT)
          .field(
              "bind",
              new Fields()
                  .field("propagation", Shapes.TEXT)
                  .field("create_host_path", Shapes.BOOLEAN)
                  .unsupported("selinux", "recursive"))
          .field(
              "volume",
              new Fields()
                  .field("nocopy", Shapes.BOOLEAN)
                  .field("subpath", Shapes.TEXT)
                  .unsupported("labels"))
          .field("image", new Fields().field("subpath", Shapes.TEXT))
          .field("cluster", new Fields())
          .field("tmpfs", new Fields().field("size", Shapes.BYTES).field("mode", Shapes.INTEGER));

  private VolumeShapes() {}

  private static Value read(Value value, Notes notes) {
    if (value instanceof Scalar) {
      return brief((Scalar) Shapes.TEXT.read(value, notes));
    }
    Mapping volume = LONG.read(value, notes);
    for (String needed : List.of("type", "target")) {
      if (volume.get(needed).isEmpty()) {
        throw volume.place().error("\"" + needed + ":\" is missing");
      }
    }
    return volume;
  }

  /** {@code [source:]target[:options]}. */
  private static Mapping brief(Scalar scalar) {
    List<String> parts = new ArrayList<>(Arrays.asList(scalar.text().split(":", -1)));
    joinDrives(parts);
    Place place = scalar.place();
    if (parts.size() > 3 || parts.contains("")) {
      throw place.error(
          "invalid volume \""
              + scalar.text()
              + "\": write source:target or source:target:options, as in \"data:/data:ro\"");
    }
    if (parts.size() == 1) {
      return Mapping.empty(place)
          .with("type", Scalar.text(place, "volume"))
          .with("target", Scalar.text(place, parts.getFirst()));
    }
    String source = parts.getFirst();
    Mapping volume =
        Mapping.empty(place)
            .with("type", Scalar.text(place, isPath(source) ? "bind" : "volume"))
            .with("source", Scalar.text(place, source))
            .with("target", Scalar.text(place, parts.get(1)));
    return parts.size() == 3 ? options(volume, parts.get(2)) : volume;
  }

  /** {@code C:\data} is one part. */
  private static void joinDrives(List<String> parts) {
    for (int i = 0; i + 1 < parts.size(); i++) {
      if (parts.get(i).matches("[a-zA-Z]") && parts.get(i + 1).matches("[\\\\/].*")) {
        parts.set(i, parts.get(i) + ":" + parts.remove(i + 1));
      }
    }
  }

  private static boolean isPath(String source) {
    return source.matches("[./~\\\\].*|[a-zA-Z]:[\\\\/].*");
  }

  /** What nobody knows is left to nobody: the other options are the engine's own. */
  private static Mapping options(Mapping volume, String options) {
    Mapping result = volume;
    Place place = volume.place();
    Scalar yes = new Scalar(place, Kind.BOOLEAN, "true", false);
    for (String option : options.split(",", -1)) {
      if (option.equals("ro")) {
        result = result.with("read_only", yes);
      } else if (option.equals("nocopy")) {
        result = result.with("volume", Mapping.empty(place).with("nocopy", yes));
      } else if (PROPAGATIONS.contains(option)) {
        Scalar propagation = Scalar.text(place, option);
        result = result.with("bind", Mapping.empty(place).with("propagation", propagation));
      }
    }
    return result;
  }
}
