package dev.swarm.worker.secret;

import dev.swarm.worker.disk.ForeignTree;
import dev.swarm.worker.disk.PrivateDirectory;
import dev.swarm.worker.engine.Dependencies;
import dev.swarm.worker.engine.EngineException;
import docker.swarmkit.v1.Config;
import docker.swarmkit.v1.ConfigReference;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.FileTarget;
import docker.swarmkit.v1.Secret;
import docker.swarmkit.v1.SecretReference;
import docker.swarmkit.v1.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes the secrets and configs of a task as files, each task's in a directory of its own that
 * only the node's user can enter, in memory where the host has a tmpfs. Safe for use by many
 * threads as long as each task is handled by one.
 */
public final class SecretFiles {
  private static final FileAttribute<?> OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> OWNER_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final Pattern TASK_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int MODE_DEFAULT = 0444;
  private final Path root;

  public SecretFiles(Path root) {
    this.root = root;
  }

  /**
   * A place for the files of the node whose data is in {@code data}: a tmpfs, if one is writable.
   */
  public static Path place(Path data) {
    String name = "swarm-" + Integer.toHexString(data.toAbsolutePath().normalize().hashCode());
    for (Path candidate : List.of(Path.of("/run"), Path.of("/dev/shm"))) {
      try {
        if (Files.isWritable(candidate) && Files.getFileStore(candidate).type().equals("tmpfs")) {
          return candidate.resolve(name);
        }
      } catch (IOException e) {
        // What cannot be looked at is no candidate.
      }
    }
    return data.resolve("task-secrets");
  }

  /**
   * Writes what {@code task} refers to.
   *
   * @throws EngineException if something it refers to was not assigned to this node
   */
  public List<FileMount> write(Task task, Dependencies dependencies) {
    ContainerSpec spec = task.getSpec().getContainer();
    List<FileMount> mounts = new ArrayList<>();
    try {
      for (SecretReference reference : spec.getSecretsList()) {
        if (reference.hasFile()) {
          mounts.add(secret(task.getId(), mounts.size(), reference, dependencies));
        }
      }
      for (ConfigReference reference : spec.getConfigsList()) {
        if (reference.hasFile()) {
          mounts.add(config(task.getId(), mounts.size(), reference, dependencies));
        }
      }
    } catch (IOException e) {
      throw new EngineException("cannot write the task's secrets: " + e.getMessage(), e);
    }
    return mounts;
  }

  private FileMount secret(
      String taskId, int number, SecretReference reference, Dependencies dependencies)
      throws IOException {
    Secret secret =
        dependencies
            .secret(reference.getSecretId(), taskId)
            .orElseThrow(
                () -> new EngineException("secret " + reference.getSecretName() + " not found"));
    FileTarget file = reference.getFile();
    String target = absolute("/run/secrets/", file.getName(), reference.getSecretName());
    return put(taskId, number, file, target, secret.getSpec().getData().toByteArray());
  }

  private FileMount config(
      String taskId, int number, ConfigReference reference, Dependencies dependencies)
      throws IOException {
    Config config =
        dependencies
            .config(reference.getConfigId())
            .orElseThrow(
                () -> new EngineException("config " + reference.getConfigName() + " not found"));
    FileTarget file = reference.getFile();
    String target = absolute("/", file.getName(), reference.getConfigName());
    return put(taskId, number, file, target, config.getSpec().getData().toByteArray());
  }

  private static String absolute(String base, String name, String fallback) {
    String chosen = name.isEmpty() ? fallback : name;
    return chosen.startsWith("/") ? chosen : base + chosen;
  }

  private FileMount put(String taskId, int number, FileTarget file, String target, byte[] data)
      throws IOException {
    Path above = root.toAbsolutePath().getParent();
    if (above != null) {
      Files.createDirectories(above, OWNER_DIRECTORY);
    }
    PrivateDirectory.make(root);
    Path directory = directory(taskId);
    PrivateDirectory.make(directory);
    Path path = directory.resolve(Integer.toString(number));
    Files.deleteIfExists(path);
    write(path, data);
    int mode = file.getMode() == 0 ? MODE_DEFAULT : file.getMode() & 07777;
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("unix")) {
      Files.setAttribute(path, "unix:mode", mode);
      own(path, "unix:uid", file.getUid());
      own(path, "unix:gid", file.getGid());
    }
    return new FileMount(path, target);
  }

  /** Into a file that was not there before. */
  private static void write(Path path, byte[] data) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER)) {
      ByteBuffer bytes = ByteBuffer.wrap(data);
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    }
  }

  private Path directory(String taskId) {
    if (!TASK_ID.matcher(taskId).matches()) {
      throw new EngineException("not the id of a task: " + taskId);
    }
    return root.resolve(taskId);
  }

  /** Only root can give files away; for anyone else they stay the node's own. */
  private static void own(Path path, String attribute, String id) throws IOException {
    int number;
    try {
      number = id.isEmpty() ? 0 : Integer.parseInt(id);
    } catch (NumberFormatException e) {
      throw new EngineException("a secret's owner must be a number, not \"" + id + "\"");
    }
    if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
      Files.setAttribute(path, attribute, number);
    }
  }

  /** Removes everything written for {@code taskId}. */
  public void remove(String taskId) {
    try {
      // In what is not ours there is nothing of ours.
      if (TASK_ID.matcher(taskId).matches() && PrivateDirectory.close(root)) {
        ForeignTree.delete(root.resolve(taskId));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the secrets of task " + taskId, e);
    }
  }
}
