package dev.swarm.worker.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.swarm.worker.engine.Dependencies;
import dev.swarm.worker.engine.EngineException;
import docker.swarmkit.v1.Config;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.FileTarget;
import docker.swarmkit.v1.Secret;
import docker.swarmkit.v1.SecretReference;
import docker.swarmkit.v1.SecretSpec;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where a local user may have been first. */
@EnabledOnOs(OS.LINUX)
final class SecretFilesTest {
  private static final Dependencies SECRETS =
      new Dependencies() {
        @Override
        public Optional<Secret> secret(String id, String taskId) {
          return Optional.of(
              Secret.newBuilder()
                  .setSpec(SecretSpec.newBuilder().setData(ByteString.copyFromUtf8("secret")))
                  .build());
        }

        @Override
        public Optional<Config> config(String id) {
          return Optional.empty();
        }
      };

  @TempDir Path directory;
  private Path root;

  @BeforeEach
  void sharedPlace() throws IOException {
    Files.setAttribute(directory, "unix:mode", 01777);
    root = directory.resolve("swarm-1234");
  }

  private static Task task(String id) {
    return Task.newBuilder()
        .setId(id)
        .setSpec(
            TaskSpec.newBuilder()
                .setContainer(
                    ContainerSpec.newBuilder()
                        .addSecrets(
                            SecretReference.newBuilder()
                                .setSecretId("s")
                                .setSecretName("password")
                                .setFile(FileTarget.newBuilder().setMode(0444)))))
        .build();
  }

  private List<FileMount> write() {
    return new SecretFiles(root).write(task("t1"), SECRETS);
  }

  private void assertRefused(String words) {
    EngineException refused = assertThrows(EngineException.class, this::write);
    assertTrue(String.valueOf(refused.getMessage()).contains(words), refused.getMessage());
  }

  private static void mode(Path file, String permissions) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void isClosedUpToTheFiles() throws Exception {
    Path file = write().getFirst().source();
    assertEquals("secret", Files.readString(file));
    for (Path each : List.of(root, root.resolve("t1"))) {
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
    }
    assertEquals("r--r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    write();
    new SecretFiles(root).remove("t1");
    assertFalse(Files.exists(file));
  }

  @Test
  void aDirectoryThatIsOpenToOthersIsRefused() throws Exception {
    Files.createDirectory(root);
    mode(root, "rwxrwxrwx");
    assertRefused("is open to other users (rwxrwxrwx)");
    mode(root, "rwx--x--x");
    assertRefused("is open to other users");
    mode(root, "rwx------");
    assertEquals(1, write().size());
  }

  /** It was ours and closed when the secret went in. */
  @Test
  void whatIsThereIsRemovedThoughTheDirectoryWasOpenedSince() throws Exception {
    for (String opened : List.of("rwxrwxrwx", "rwxr-xr-x", "rwx--x--x", "r-x------")) {
      Path file = write().getFirst().source();
      mode(root, opened);
      new SecretFiles(root).remove("t1");
      assertFalse(Files.exists(file), opened);
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(root)));
    }
  }

  @Test
  void inAnotherUsersDirectoryNothingIsRemoved() throws Exception {
    Path theirs = Files.createDirectories(root.resolve("t1"));
    boolean root0 = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    assumeTrue(root0, "only root can give a directory away");
    Files.setAttribute(root, "unix:uid", 65534);
    new SecretFiles(root).remove("t1");
    assertTrue(Files.exists(theirs));
  }

  @Test
  void aTasksDirectoryThatIsOpenToOthersIsRefused() throws Exception {
    write();
    mode(root.resolve("t1"), "rwxr-xr-x");
    assertRefused("is open to other users");
  }

  @Test
  void aLinkIsRefused() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    mode(elsewhere, "rwx------");
    Files.createSymbolicLink(root, elsewhere);
    assertRefused("is not a directory of this daemon's own");
    new SecretFiles(root).remove("t1");
    assertEquals(0, elsewhere.toFile().list().length);
  }

  @Test
  void anotherUsersDirectoryIsRefused() throws Exception {
    Files.createDirectory(root);
    mode(root, "rwx------");
    boolean root0 = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    assumeTrue(root0, "only root can give a directory away");
    Files.setAttribute(root, "unix:uid", 65534);
    assertRefused("and not to this daemon's user; remove it");
  }

  @Test
  void aPlaceWhereOthersCanRenameItIsRefused() throws Exception {
    Files.setAttribute(directory, "unix:mode", 0777);
    assertRefused("others can rename what is in " + directory);
  }

  @Test
  void anIdIsNeverAPath() throws Exception {
    assertThrows(EngineException.class, () -> new SecretFiles(root).write(task("../t1"), SECRETS));
    new SecretFiles(root).remove("..");
    assertTrue(Files.exists(directory));
    assertThrows(EngineException.class, () -> new SecretFiles(root).write(task(".."), SECRETS));
  }
}
