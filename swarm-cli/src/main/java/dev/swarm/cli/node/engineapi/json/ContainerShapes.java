package dev.swarm.cli.node.engineapi.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import docker.swarmkit.v1.ConfigReference;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.FileTarget;
import docker.swarmkit.v1.HealthConfig;
import docker.swarmkit.v1.Mount;
import docker.swarmkit.v1.Privileges;
import docker.swarmkit.v1.RuntimeTarget;
import docker.swarmkit.v1.SecretReference;

/**
 * JSON shapes of ContainerSpec and its parts. The registry's credentials are not among them: they
 * are never shown.
 */
final class ContainerShapes {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Lists of words in JSON, kept as JSON text in the message. */
  private static final Scalar WORD_LISTS =
      new Scalar(
          in -> {
            ArrayNode lists = wordLists(in);
            return lists.isEmpty() ? "" : lists.toString();
          },
          v -> parsed((String) v),
          v -> ((String) v).isEmpty());

  private static final Shape CREDENTIAL_SPEC =
      Shape.of(Privileges.CredentialSpec.getDefaultInstance())
          .always("Config", "config")
          .since(40)
          .always("File", "file")
          .always("Registry", "registry")
          .check(
              (in, into) -> {
                if (into.getAllFields().isEmpty()) {
                  throw in.parent().bad("one of Config, File and Registry must be set");
                }
              })
          .build();

  private static final Shape SELINUX =
      Shape.of(Privileges.SELinuxContext.getDefaultInstance())
          .always("Disable", "disable")
          .always("User", "user")
          .always("Role", "role")
          .always("Type", "type")
          .always("Level", "level")
          .build();

  private static final Shape SECCOMP =
      Shape.of(Privileges.SeccompOpts.getDefaultInstance())
          .always("Mode", "mode")
          .field("Profile", "profile")
          .build();

  private static final Shape APPARMOR =
      Shape.of(Privileges.AppArmorOpts.getDefaultInstance()).always("Mode", "mode").build();

  private static final Shape PRIVILEGES =
      Shape.of(Privileges.getDefaultInstance())
          .orNull("CredentialSpec", "credential_spec", CREDENTIAL_SPEC)
          .orNull("SELinuxContext", "selinux_context", SELINUX)
          .field("Seccomp", "seccomp", SECCOMP)
          .since(44)
          .field("AppArmor", "apparmor", APPARMOR)
          .since(44)
          .always("NoNewPrivileges", "no_new_privileges")
          .since(44)
          .build();

  private static final Shape BIND_OPTIONS =
      Shape.of(Mount.BindOptions.getDefaultInstance())
          .always("Propagation", "propagation")
          .field("NonRecursive", "nonrecursive")
          .field("CreateMountpoint", "createmountpoint")
          .field("ReadOnlyNonRecursive", "readonlynonrecursive")
          .field("ReadOnlyForceRecursive", "readonlyforcerecursive")
          .build();

  private static final Shape VOLUME_OPTIONS =
      Shape.of(Mount.VolumeOptions.getDefaultInstance())
          .field("NoCopy", "nocopy")
          .field("Labels", "labels")
          .field("Subpath", "subpath")
          .field("DriverConfig", "driver_config", CommonShapes.DRIVER)
          .build();

  private static final Shape TMPFS_OPTIONS =
      Shape.of(Mount.TmpfsOptions.getDefaultInstance())
          .field("SizeBytes", "size_bytes", Scalar.AMOUNT)
          .field("Mode", "mode")
          .field("Options", "options", WORD_LISTS)
          .since(46)
          .build();

  private static final Shape MOUNT =
      Shape.of(Mount.getDefaultInstance())
          .always("Type", "type")
          .field("Source", "source")
          .field("Target", "target")
          .field("ReadOnly", "readonly")
          .field("Consistency", "consistency")
          .field("BindOptions", "bind_options", BIND_OPTIONS)
          .field("VolumeOptions", "volume_options", VOLUME_OPTIONS)
          .field("TmpfsOptions", "tmpfs_options", TMPFS_OPTIONS)
          .ignored("ClusterOptions")
          .build();

  private static final Shape HEALTHCHECK =
      Shape.of(HealthConfig.getDefaultInstance())
          .field("Test", "test")
          .field("Interval", "interval")
          .field("Timeout", "timeout")
          .field("StartPeriod", "start_period")
          .field("StartInterval", "start_interval")
          .since(44)
          .field("Retries", "retries", Scalar.COUNT)
          .build();

  private static final Shape DNS =
      Shape.of(ContainerSpec.DNSConfig.getDefaultInstance())
          .field("Nameservers", "nameservers")
          .field("Search", "search")
          .field("Options", "options")
          .build();

  private static final Shape FILE_TARGET =
      Shape.of(FileTarget.getDefaultInstance())
          .always("Name", "name")
          .always("UID", "uid")
          .always("GID", "gid")
          .always("Mode", "mode")
          .build();

  private static final Shape SECRET_REFERENCE =
      Shape.of(SecretReference.getDefaultInstance())
          .orNull("File", "file", FILE_TARGET)
          .always("SecretID", "secret_id")
          .always("SecretName", "secret_name")
          .build();

  private static final Shape CONFIG_REFERENCE =
      Shape.of(ConfigReference.getDefaultInstance())
          .field("File", "file", FILE_TARGET)
          .field("Runtime", "runtime", Shape.of(RuntimeTarget.getDefaultInstance()).build())
          .since(40)
          .always("ConfigID", "config_id")
          .always("ConfigName", "config_name")
          .check(
              (in, into) -> {
                if (((ConfigReference.Builder) into).getTargetCase().getNumber() == 0) {
                  throw in.parent().bad("either File or Runtime must be set");
                }
              })
          .build();

  private static final Shape ULIMIT =
      Shape.of(ContainerSpec.Ulimit.getDefaultInstance())
          .always("Name", "name")
          .always("Hard", "hard")
          .always("Soft", "soft")
          .build();

  static final Shape CONTAINER_SPEC =
      Shape.of(ContainerSpec.getDefaultInstance())
          .field("Image", "image")
          .field("Labels", "labels")
          .field("Command", "command")
          .field("Args", "args")
          .field("Hostname", "hostname")
          .field("Env", "env")
          .field("Dir", "dir")
          .field("User", "user")
          .field("Groups", "groups")
          .field("Privileges", "privileges", PRIVILEGES)
          .field("Init", "init")
          .field("StopSignal", "stop_signal")
          .field("TTY", "tty")
          .field("OpenStdin", "open_stdin")
          .field("ReadOnly", "read_only")
          .field("Mounts", "mounts", MOUNT)
          .field("StopGracePeriod", "stop_grace_period", Scalar.DURATION_OR_ABSENT)
          .field("Healthcheck", "healthcheck", HEALTHCHECK)
          .field("Hosts", "hosts")
          .field("DNSConfig", "dns_config", DNS)
          .field("Secrets", "secrets", SECRET_REFERENCE)
          .field("Configs", "configs", CONFIG_REFERENCE)
          .always(
              "Isolation",
              "isolation",
              EnumNames.without("isolation_", ContainerSpec.Isolation.getDescriptor()))
          .field("Sysctls", "sysctls")
          .since(40)
          .field("CapabilityAdd", "capability_add")
          .since(41)
          .field("CapabilityDrop", "capability_drop")
          .since(41)
          .field("Ulimits", "ulimits", ULIMIT)
          .since(41)
          .field("OomScoreAdj", "oom_score_adj")
          .since(46)
          .build();

  private ContainerShapes() {}

  private static ArrayNode wordLists(JsonIn in) {
    ArrayNode lists = JsonNodeFactory.instance.arrayNode();
    for (JsonIn words : in.elements()) {
      if (!words.isNull()) {
        ArrayNode list = lists.addArray();
        words.elements().stream()
            .filter(word -> !word.isNull())
            .forEach(word -> list.add((String) Scalar.STRING.read(word)));
      }
    }
    return lists;
  }

  /** An empty list for text that another manager wrote and that is no JSON. */
  private static JsonNode parsed(String text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      return node.isArray() ? node : JsonNodeFactory.instance.arrayNode();
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.arrayNode();
    }
  }
}
