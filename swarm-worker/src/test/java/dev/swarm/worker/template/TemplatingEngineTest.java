package dev.swarm.worker.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.swarm.worker.engine.Dependencies;
import dev.swarm.worker.engine.Engine;
import dev.swarm.worker.engine.EngineOffer;
import dev.swarm.worker.engine.Exit;
import dev.swarm.worker.engine.Unit;
import docker.swarmkit.v1.Config;
import docker.swarmkit.v1.ConfigReference;
import docker.swarmkit.v1.EngineDescription;
import docker.swarmkit.v1.FileTarget;
import docker.swarmkit.v1.Platform;
import docker.swarmkit.v1.Resources;
import docker.swarmkit.v1.Secret;
import docker.swarmkit.v1.SecretReference;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplatingEngineTest {
  private final List<Task> prepared = new ArrayList<>();
  private final List<Dependencies> given = new ArrayList<>();
  private int described;

  private final Engine inner =
      new Engine() {
        @Override
        public boolean runs(TaskSpec spec) {
          return true;
        }

        @Override
        public CompletionStage<EngineOffer> describe() {
          described++;
          return CompletableFuture.completedFuture(
              new EngineOffer(
                  Platform.newBuilder().setOs("linux").setArchitecture("arm64").build(),
                  Resources.getDefaultInstance(),
                  EngineDescription.getDefaultInstance()));
        }

        @Override
        public CompletionStage<Unit> prepare(Task task, Dependencies dependencies) {
          prepared.add(task);
          given.add(dependencies);
          return CompletableFuture.completedFuture(Unit.NONE);
        }

        @Override
        public CompletionStage<Unit> start(Task task) {
          prepared.add(task);
          return CompletableFuture.completedFuture(Unit.NONE);
        }

        @Override
        public CompletionStage<Exit> await(Task task) {
          return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<Unit> stop(Task task) {
          return CompletableFuture.completedFuture(Unit.NONE);
        }

        @Override
        public CompletionStage<Void> remove(String taskId) {
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<List<String>> list() {
          return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public void close() {}
      };

  private final TemplatingEngine engine = new TemplatingEngine(inner, () -> "h1");

  private static Task.Builder task() {
    Task.Builder task = Task.newBuilder().setId("t1").setSlot(2).setServiceId("s1");
    task.getServiceAnnotationsBuilder().setName("web");
    task.getSpecBuilder()
        .getContainerBuilder()
        .setImage("bb")
        .addEnv("MODE=on {{.Node.Platform.Architecture}}")
        .addSecrets(
            SecretReference.newBuilder()
                .setSecretId("sec")
                .setSecretName("key")
                .setFile(FileTarget.newBuilder().setName("key.txt")))
        .addConfigs(
            ConfigReference.newBuilder()
                .setConfigId("conf")
                .setConfigName("page")
                .setFile(FileTarget.newBuilder().setName("/www/page")));
    return task;
  }

  private static Dependencies stored(String config, String templating) {
    Secret.Builder secret = Secret.newBuilder().setId("sec");
    secret.getSpecBuilder().setData(ByteString.copyFromUtf8("hush"));
    Config.Builder page = Config.newBuilder().setId("conf");
    page.getSpecBuilder().setData(ByteString.copyFromUtf8(config));
    page.getSpecBuilder().getAnnotationsBuilder().setName("page");
    if (!templating.isEmpty()) {
      page.getSpecBuilder().getTemplatingBuilder().setName(templating);
    }
    return new Dependencies() {
      @Override
      public Optional<Secret> secret(String id, String taskId) {
        return id.equals("sec") ? Optional.of(secret.build()) : Optional.empty();
      }

      @Override
      public Optional<Config> config(String id) {
        return id.equals("conf") ? Optional.of(page.build()) : Optional.empty();
      }
    };
  }

  private String rendered(String config) {
    engine.prepare(task().build(), stored(config, "golang")).toCompletableFuture().join();
    return given.getLast().config("conf").orElseThrow().getSpec().getData().toStringUtf8();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{.Service.Name}}.{{.Task.Slot}} | web.2",
        "{{.Node.Hostname}} {{.Node.Platform.OS}} | h1 linux",
        "{{env \"MODE\"}}{{env \"NONE\"}}! | on arm64!",
        "key={{secret \"key.txt\"}} | key=hush",
        "{{len (config \"/www/page\")}} | 28",
        "{{join \":\" \"a\" (env \"MODE\")}} | a:on arm64"
      })
  void aConfigMayBeATemplate(String config, String expected) {
    assertEquals(expected, rendered(config));
  }

  @Test
  void aConfigThatIsNoTemplateStaysAsItIs() {
    engine.prepare(task().build(), stored("{{.Task.ID}}", "")).toCompletableFuture().join();
    assertEquals(
        "{{.Task.ID}}",
        given.getLast().config("conf").orElseThrow().getSpec().getData().toStringUtf8());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{secret \"other\"}} | golang | secret target other not found",
        "{{config \"other\"}} | golang | config target other not found",
        "{{secret}} | golang | want one name",
        "{{.Foo}} | golang | no field \"Foo\"",
        "x | lua | unrecognized template type"
      })
  void whatCannotBeRenderedNamesTheConfig(String config, String templating, String why) {
    engine.prepare(task().build(), stored(config, templating)).toCompletableFuture().join();
    Exception e = assertThrows(RuntimeException.class, () -> given.getLast().config("conf"));
    String text = String.valueOf(e.getMessage());
    assertTrue(text.startsWith("failed to expand templated config page: "), text);
    assertTrue(text.contains(why), text);
  }

  @Test
  void theEngineSeesTheSpecRendered() {
    engine.start(task().build()).toCompletableFuture().join();
    assertEquals(
        List.of("MODE=on arm64"), prepared.getLast().getSpec().getContainer().getEnvList());
  }

  @Test
  void aSpecThatCannotBeRenderedFailsItsTaskAlone() {
    Task.Builder bad = task();
    bad.getSpecBuilder().getContainerBuilder().setHostname("{{.Host}}");
    CompletionException e =
        assertThrows(
            CompletionException.class,
            () -> engine.prepare(bad.build(), stored("", "")).toCompletableFuture().join());
    assertTrue(String.valueOf(e.getMessage()).contains("expanding hostname \"{{.Host}}\" failed"));
    assertEquals(0, prepared.size());
  }

  @Test
  void withoutTemplatesTheEngineIsNotAskedWhatItIs() {
    Task.Builder plain = task();
    plain.getSpecBuilder().getContainerBuilder().clearEnv();
    engine.prepare(plain.build(), stored("x", "")).toCompletableFuture().join();
    assertEquals(0, described);
    assertEquals(plain.build(), prepared.getLast());
  }
}
