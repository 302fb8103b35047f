package dev.swarm.cli.client.command.stack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Numbers;
import dev.swarm.cli.client.command.spec.Tree;
import dev.swarm.cli.client.command.stack.Value.Mapping;
import dev.swarm.cli.client.command.stack.Value.Scalar;
import dev.swarm.cli.http.Json;
import java.util.ArrayList;
import java.util.List;

/** Converts a service's {@code volumes} and {@code tmpfs} to the spec's mounts. */
final class MountConversion {
  private static final List<String> OPTIONS =
      List.of("bind", "volume", "tmpfs", "image", "cluster");

  private final Project project;
  private final Stack stack;

  MountConversion(Project project, Stack stack) {
    this.project = project;
    this.stack = stack;
  }

  List<ObjectNode> mounts(Mapping service) {
    List<ObjectNode> mounts = new ArrayList<>();
    service.items("volumes").forEach(volume -> mounts.add(mount((Mapping) volume)));
    service.items("tmpfs").forEach(tmpfs -> mounts.add(tmpfs((Scalar) tmpfs)));
    return mounts;
  }

  private ObjectNode mount(Mapping volume) {
    String type = volume.text("type").orElse("volume");
    for (String other : OPTIONS) {
      boolean fits = other.equals(type) || (type.equals("npipe") && other.equals("bind"));
      if (!fits && volume.get(other).isPresent()) {
        throw volume.place().error(other + " options are incompatible with type " + type);
      }
    }
    ObjectNode mount = Json.object().put("Type", type);
    String source = volume.text("source").orElse("");
    Tree.setText(mount, "Source", source);
    Tree.setText(mount, "Target", volume.text("target").orElse(""));
    if (volume.on("read_only")) {
      mount.put("ReadOnly", true);
    }
    volume.text("consistency").ifPresent(c -> mount.put("Consistency", c));
    switch (type) {
      case "volume" -> named(volume, source, mount);
      case "bind", "npipe" -> bind(volume, source, mount);
      case "tmpfs" -> temporary(volume, source, mount);
      case "image" -> image(volume, source, mount);
      default -> cluster(volume, source, mount);
    }
    return mount;
  }

  private Mapping declared(Mapping volume, String name) {
    Mapping all = project.tree().child("volumes");
    if (!all.entries().containsKey(name)) {
      throw volume
          .place()
          .error("undefined volume \"" + name + "\"; declare it under \"volumes:\"");
    }
    return all.child(name);
  }

  private void named(Mapping volume, String name, ObjectNode mount) {
    if (name.isEmpty()) {
      return;
    }
    Mapping declared = declared(volume, name);
    mount.put("Source", stack.resolve(name, declared));
    ObjectNode options = mount.putObject("VolumeOptions");
    Mapping own = volume.child("volume");
    if (own.on("nocopy")) {
      options.put("NoCopy", true);
    }
    own.text("subpath").ifPresent(path -> options.put("Subpath", path));
    if (declared.on("external")) {
      return;
    }
    stack.label(options, declared.map("labels"));
    if (declared.get("driver").isPresent() || declared.get("driver_opts").isPresent()) {
      ObjectNode driver = options.putObject("DriverConfig");
      declared.text("driver").ifPresent(driverName -> driver.put("Name", driverName));
      Tree.setMap(driver, "Options", declared.map("driver_opts"));
    }
  }

  private static void bind(Mapping volume, String source, ObjectNode mount) {
    if (source.isEmpty()) {
      throw volume.place().error("invalid bind source, source cannot be empty");
    }
    if (volume.get("bind").isPresent()) {
      Mapping bind = volume.child("bind");
      ObjectNode options = mount.putObject("BindOptions");
      bind.text("propagation").ifPresent(p -> options.put("Propagation", p));
      if (bind.on("create_host_path")) {
        options.put("CreateMountpoint", true);
      }
    }
  }

  private static void temporary(Mapping volume, String source, ObjectNode mount) {
    if (!source.isEmpty()) {
      throw volume.place().error("invalid tmpfs source, source must be empty");
    }
    if (volume.get("tmpfs").isPresent()) {
      Mapping tmpfs = volume.child("tmpfs");
      ObjectNode options = mount.putObject("TmpfsOptions");
      tmpfs.text("size").ifPresent(size -> options.put("SizeBytes", Numbers.bytes(size)));
      tmpfs.number("mode").ifPresent(mode -> options.put("Mode", mode));
    }
  }

  private static void image(Mapping volume, String source, ObjectNode mount) {
    if (source.isEmpty()) {
      throw volume.place().error("invalid image source, source cannot be empty");
    }
    volume
        .child("image")
        .text("subpath")
        .ifPresent(path -> mount.putObject("ImageOptions").put("Subpath", path));
  }

  private void cluster(Mapping volume, String source, ObjectNode mount) {
    if (source.isEmpty()) {
      throw volume.place().error("invalid cluster source, source cannot be empty");
    }
    mount.putObject("ClusterOptions");
    if (!source.startsWith("group:")) {
      mount.put("Source", stack.resolve(source, declared(volume, source)));
    }
  }

  /** {@code path[:size=64m,mode=1777]}. */
  private static ObjectNode tmpfs(Scalar scalar) {
    int colon = scalar.text().indexOf(':');
    String path = colon < 0 ? scalar.text() : scalar.text().substring(0, colon);
    ObjectNode mount = Json.object().put("Type", "tmpfs").put("Target", path);
    String options = colon < 0 ? "" : scalar.text().substring(colon + 1);
    for (String option : options.isEmpty() ? new String[0] : options.split(",", -1)) {
      try {
        tmpfs(option, mount);
      } catch (IllegalArgumentException e) {
        throw scalar.place().error("\"" + option + "\": " + e.getMessage());
      }
    }
    return mount;
  }

  private static void tmpfs(String option, ObjectNode mount) {
    if (option.startsWith("size=")) {
      Tree.child(mount, "TmpfsOptions").put("SizeBytes", Numbers.bytes(option.substring(5)));
    } else if (option.matches("mode=0?[0-7]{1,4}")) {
      Tree.child(mount, "TmpfsOptions").put("Mode", Integer.parseInt(option.substring(5), 8));
    } else if (option.equals("ro")) {
      mount.put("ReadOnly", true);
    } else if (!option.equals("rw")) {
      throw new IllegalArgumentException("only size=, mode=, ro and rw are known");
    }
  }
}
