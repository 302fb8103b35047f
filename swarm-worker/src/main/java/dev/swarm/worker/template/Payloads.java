package dev.swarm.worker.template;

import com.google.protobuf.ByteString;
import dev.swarm.core.template.TaskContext;
import dev.swarm.core.template.Template;
import dev.swarm.core.template.TemplateError;
import dev.swarm.worker.engine.Dependencies;
import dev.swarm.worker.engine.EngineException;
import docker.swarmkit.v1.Config;
import docker.swarmkit.v1.ConfigReference;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.Driver;
import docker.swarmkit.v1.Secret;
import docker.swarmkit.v1.SecretReference;
import docker.swarmkit.v1.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One task's secrets and configs, those with templates rendered. A template sees the environment of
 * its task and, by the names of their files, the other secrets and configs of the task as they were
 * stored; of nothing else in the cluster.
 */
final class Payloads implements Dependencies {
  private static final String GO_TEMPLATES = "golang";

  private final Task task;
  private final TaskContext context;
  private final Dependencies stored;

  Payloads(Task task, TaskContext context, Dependencies stored) {
    this.task = task;
    this.context = context;
    this.stored = stored;
  }

  /** Whether any secret or config of {@code task} is a template. */
  static boolean isTemplated(Task task, Dependencies stored) {
    ContainerSpec spec = task.getSpec().getContainer();
    return spec.getSecretsList().stream()
            .flatMap(ref -> stored.secret(ref.getSecretId(), task.getId()).stream())
            .anyMatch(secret -> secret.getSpec().hasTemplating())
        || spec.getConfigsList().stream()
            .flatMap(ref -> stored.config(ref.getConfigId()).stream())
            .anyMatch(config -> config.getSpec().hasTemplating());
  }

  @Override
  public Optional<Secret> secret(String id, String taskId) {
    return stored.secret(id, taskId).map(this::rendered);
  }

  @Override
  public Optional<Config> config(String id) {
    return stored.config(id).map(this::rendered);
  }

  private Secret rendered(Secret secret) {
    if (!secret.getSpec().hasTemplating()) {
      return secret;
    }
    String what = "secret " + secret.getSpec().getAnnotations().getName();
    Secret.Builder next = secret.toBuilder();
    next.getSpecBuilder()
        .setData(render(what, secret.getSpec().getTemplating(), secret.getSpec().getData()));
    return next.build();
  }

  private Config rendered(Config config) {
    if (!config.getSpec().hasTemplating()) {
      return config;
    }
    String what = "config " + config.getSpec().getAnnotations().getName();
    Config.Builder next = config.toBuilder();
    next.getSpecBuilder()
        .setData(render(what, config.getSpec().getTemplating(), config.getSpec().getData()));
    return next.build();
  }

  private ByteString render(String what, Driver templating, ByteString data) {
    if (!templating.getName().equals(GO_TEMPLATES)) {
      throw new EngineException(
          "failed to expand templated " + what + ": unrecognized template type");
    }
    Map<String, Template.Function> functions =
        TaskContext.withJoin(
            Map.of("env", this::env, "secret", this::secretAt, "config", this::configAt));
    try {
      return ByteString.copyFromUtf8(context.expand(data.toStringUtf8(), functions));
    } catch (TemplateError e) {
      throw new EngineException("failed to expand templated " + what + ": " + e.getMessage(), e);
    }
  }

  private ContainerSpec spec() {
    return task.getSpec().getContainer();
  }

  private String env(List<Object> arguments) {
    String prefix = name(arguments) + "=";
    return spec().getEnvList().stream()
        .filter(entry -> entry.startsWith(prefix))
        .map(entry -> entry.substring(prefix.length()))
        .findFirst()
        .orElse("");
  }

  private String secretAt(List<Object> arguments) {
    String target = name(arguments);
    return spec().getSecretsList().stream()
        .filter(reference -> reference.hasFile() && reference.getFile().getName().equals(target))
        .map(SecretReference::getSecretId)
        .findFirst()
        .flatMap(id -> stored.secret(id, task.getId()))
        .orElseThrow(() -> new IllegalArgumentException("secret target " + target + " not found"))
        .getSpec()
        .getData()
        .toStringUtf8();
  }

  private String configAt(List<Object> arguments) {
    String target = name(arguments);
    return spec().getConfigsList().stream()
        .filter(reference -> reference.hasFile() && reference.getFile().getName().equals(target))
        .map(ConfigReference::getConfigId)
        .findFirst()
        .flatMap(stored::config)
        .orElseThrow(() -> new IllegalArgumentException("config target " + target + " not found"))
        .getSpec()
        .getData()
        .toStringUtf8();
  }

  private static String name(List<Object> arguments) {
    if (arguments.size() == 1 && arguments.getFirst() instanceof String name) {
      return name;
    }
    throw new IllegalArgumentException("want one name");
  }
}
