package dev.swarm.worker.engine.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.worker.engine.EngineException;
import dev.swarm.worker.secret.FileMount;
import docker.swarmkit.v1.Mount;
import java.util.List;
import java.util.Locale;

/** Converts the mounts of a container to the Engine API's form. */
final class Mounts {
  private Mounts() {}

  static ArrayNode of(List<Mount> mounts, List<FileMount> files) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    mounts.forEach(mount -> array.add(mount(mount)));
    for (FileMount file : files) {
      array
          .addObject()
          .put("Type", "bind")
          .put("Source", file.source().toString())
          .put("Target", file.target())
          .put("ReadOnly", true);
    }
    return array;
  }

  private static ObjectNode mount(Mount mount) {
    if (mount.getTarget().isEmpty()) {
      throw new EngineException("invalid mount target, must not be empty");
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("Type", type(mount));
    ContainerRequest.text(node, "Source", mount.getSource());
    node.put("Target", mount.getTarget());
    ContainerRequest.flag(node, "ReadOnly", mount.getReadonly());
    switch (mount.getConsistency()) {
      case CONSISTENT, CACHED, DELEGATED ->
          node.put("Consistency", mount.getConsistency().name().toLowerCase(Locale.ROOT));
      case DEFAULT, UNRECOGNIZED -> {}
    }
    if (mount.hasBindOptions()) {
      node.set("BindOptions", bind(mount.getBindOptions()));
    }
    if (mount.hasVolumeOptions()) {
      node.set("VolumeOptions", volume(mount.getVolumeOptions()));
    }
    if (mount.hasTmpfsOptions()) {
      node.set("TmpfsOptions", tmpfs(mount.getTmpfsOptions()));
    }
    return node;
  }

  private static String type(Mount mount) {
    return switch (mount.getType()) {
      case BIND -> {
        if (mount.getSource().isEmpty()) {
          throw new EngineException("invalid bind mount source, must not be empty");
        }
        yield "bind";
      }
      case VOLUME -> "volume";
      case TMPFS -> {
        if (!mount.getSource().isEmpty()) {
          throw new EngineException("invalid tmpfs source, source must be empty");
        }
        yield "tmpfs";
      }
      case NPIPE -> "npipe";
      case CLUSTER -> throw new EngineException("this node has no cluster volumes");
      case UNRECOGNIZED ->
          throw new EngineException(
              "this node does not know the mount type " + mount.getTypeValue());
    };
  }

  private static ObjectNode bind(Mount.BindOptions options) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (options.getPropagation() != Mount.BindOptions.Propagation.UNRECOGNIZED) {
      node.put("Propagation", options.getPropagation().name().toLowerCase(Locale.ROOT));
    }
    ContainerRequest.flag(node, "NonRecursive", options.getNonrecursive());
    ContainerRequest.flag(node, "CreateMountpoint", options.getCreatemountpoint());
    ContainerRequest.flag(node, "ReadOnlyNonRecursive", options.getReadonlynonrecursive());
    ContainerRequest.flag(node, "ReadOnlyForceRecursive", options.getReadonlyforcerecursive());
    return node;
  }

  private static ObjectNode volume(Mount.VolumeOptions options) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ContainerRequest.flag(node, "NoCopy", options.getNocopy());
    ContainerRequest.text(node, "Subpath", options.getSubpath());
    if (options.getLabelsCount() > 0) {
      node.set("Labels", ContainerRequest.object(options.getLabelsMap()));
    }
    if (options.hasDriverConfig()) {
      ObjectNode driver = node.putObject("DriverConfig");
      ContainerRequest.text(driver, "Name", options.getDriverConfig().getName());
      if (options.getDriverConfig().getOptionsCount() > 0) {
        driver.set("Options", ContainerRequest.object(options.getDriverConfig().getOptionsMap()));
      }
    }
    return node;
  }

  private static ObjectNode tmpfs(Mount.TmpfsOptions options) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (options.getSizeBytes() != 0) {
      node.put("SizeBytes", options.getSizeBytes());
    }
    if (options.getMode() != 0) {
      node.put("Mode", Integer.toUnsignedLong(options.getMode()));
    }
    if (!options.getOptions().isEmpty()) {
      node.set("Options", json(options.getOptions()));
    }
    return node;
  }

  /** On the wire a list of lists of words travels as JSON in a string. */
  private static JsonNode json(String text) {
    try {
      return EngineApi.JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new EngineException("invalid tmpfs options: " + text);
    }
  }
}
