package dev.swarm.cli.client.command.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Numbers;
import dev.swarm.cli.client.command.flag.Unexpected;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.cli.http.Json;
import java.util.List;
import java.util.Locale;

/** Parses {@code --mount}: {@code type=bind,source=/a,target=/b,readonly}. */
final class Mounts {
  private static final List<String> TYPES =
      List.of("bind", "volume", "tmpfs", "npipe", "cluster", "image");

  private static final String EXAMPLE = "type=bind,source=/a,target=/b";

  private final ObjectNode mount = Json.object().put("Type", "volume");

  private Mounts() {}

  static ObjectNode parse(String text) {
    if (text.isBlank()) {
      throw new Unexpected(EXAMPLE, text);
    }
    Mounts mounts = new Mounts();
    for (String field : Words.csv(text.strip())) {
      Words.Pair pair = Words.pair(field);
      mounts.field(pair.key().toLowerCase(Locale.ROOT), pair, field);
    }
    mounts.check();
    return mounts.mount;
  }

  private void field(String key, Words.Pair pair, String field) {
    String value = pair.value();
    if (!pair.hasValue() && !isSwitch(key)) {
      throw new IllegalArgumentException(
          Words.quoted(field) + " is not KEY=VALUE; write " + EXAMPLE);
    }
    switch (key) {
      case "type" -> mount.put("Type", type(value));
      case "source", "src" -> mount.put("Source", value);
      case "target", "dst", "destination" -> mount.put("Target", value);
      case "readonly", "ro" -> mount.put("ReadOnly", flag(key, pair));
      case "consistency" -> mount.put("Consistency", value.toLowerCase(Locale.ROOT));
      case "bind-propagation" ->
          options("BindOptions").put("Propagation", value.toLowerCase(Locale.ROOT));
      case "bind-nonrecursive" -> options("BindOptions").put("NonRecursive", flag(key, pair));
      case "bind-recursive" -> recursive(value);
      case "bind-create-src" -> options("BindOptions").put("CreateMountpoint", flag(key, pair));
      case "volume-subpath" -> options("VolumeOptions").put("Subpath", value);
      case "image-subpath" -> options("ImageOptions").put("Subpath", value);
      case "volume-nocopy" -> options("VolumeOptions").put("NoCopy", flag(key, pair));
      case "volume-label" -> add(Tree.child(options("VolumeOptions"), "Labels"), value);
      case "volume-driver" -> driver().put("Name", value);
      case "volume-opt" -> add(Tree.child(driver(), "Options"), value);
      case "tmpfs-size" -> options("TmpfsOptions").put("SizeBytes", size(value));
      case "tmpfs-mode" -> options("TmpfsOptions").put("Mode", octal(value));
      default ->
          throw new IllegalArgumentException("there is no option " + Words.quoted(pair.key()));
    }
  }

  private static boolean isSwitch(String key) {
    return switch (key) {
      case "readonly", "ro", "volume-nocopy", "bind-nonrecursive", "bind-create-src" -> true;
      default -> false;
    };
  }

  private ObjectNode options(String name) {
    return Tree.child(mount, name);
  }

  private ObjectNode driver() {
    return Tree.child(options("VolumeOptions"), "DriverConfig");
  }

  private static void add(ObjectNode map, String text) {
    Words.Pair pair = Words.pair(text);
    map.put(pair.key(), pair.value());
  }

  private static String type(String text) {
    String type = text.toLowerCase(Locale.ROOT);
    if (!TYPES.contains(type)) {
      throw new IllegalArgumentException(
          "type is one of " + String.join(", ", TYPES) + ", not " + Words.quoted(text));
    }
    return type;
  }

  private static boolean flag(String key, Words.Pair pair) {
    return switch (pair.hasValue() ? pair.value() : "true") {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default ->
          throw new IllegalArgumentException(
              key + " is true or false, not " + Words.quoted(pair.value()));
    };
  }

  private void recursive(String value) {
    switch (value) {
      case "enabled" -> {}
      case "disabled" -> options("BindOptions").put("NonRecursive", true);
      case "writable" -> options("BindOptions").put("ReadOnlyNonRecursive", true);
      case "readonly" -> options("BindOptions").put("ReadOnlyForceRecursive", true);
      default ->
          throw new IllegalArgumentException(
              "bind-recursive is enabled, disabled, writable or readonly, not "
                  + Words.quoted(value));
    }
  }

  private static long size(String text) {
    try {
      return Numbers.bytes(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("tmpfs-size is " + e.getMessage(), e);
    }
  }

  private static int octal(String text) {
    try {
      return Integer.parseInt(text, 8);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "tmpfs-mode is an octal number such as 1777, not " + Words.quoted(text), e);
    }
  }

  private void check() {
    if (!mount.has("Target")) {
      throw new IllegalArgumentException("target=PATH is missing");
    }
    String type = mount.path("Type").asText();
    only(type, "volume", "VolumeOptions");
    only(type, "bind", "BindOptions");
    only(type, "tmpfs", "TmpfsOptions");
    only(type, "image", "ImageOptions");
  }

  private void only(String type, String needed, String options) {
    if (mount.has(options) && !type.equals(needed)) {
      throw new IllegalArgumentException(
          needed + "-… options are for type=" + needed + ", not for type=" + type);
    }
  }
}
