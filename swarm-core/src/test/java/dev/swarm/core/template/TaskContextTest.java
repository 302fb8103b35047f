package dev.swarm.core.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.Mount;
import docker.swarmkit.v1.Platform;
import docker.swarmkit.v1.Task;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskContextTest {
  private static final Annotations WEB =
      Annotations.newBuilder().setName("web").putLabels("tier", "front").build();

  private static final Task TASK =
      Task.newBuilder()
          .setId("t1")
          .setServiceId("s1")
          .setNodeId("n1")
          .setSlot(3)
          .setServiceAnnotations(WEB)
          .build();

  private static TaskContext context(Task task) {
    return TaskContext.of(
        task, "h1", Platform.newBuilder().setArchitecture("x86_64").setOs("linux").build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{.Service.ID}}/{{.Service.Name}} | s1/web",
        "{{.Service.Labels.tier}} | front",
        "{{index .Service.Labels \"tier\"}}{{index .Service.Labels \"none\"}}! | front!",
        "{{.Node.ID}}@{{.Node.Hostname}} | n1@h1",
        "{{.Node.Platform.OS}}-{{.Node.Platform.Architecture}} | linux-x86_64",
        "{{.Task.ID}} {{.Task.Name}} {{.Task.Slot}} | t1 web.3.t1 3",
        "{{if eq .Task.Slot \"3\"}}third{{else}}other{{end}} | third",
        "{{join \"-\" \"a\" .Task.Slot}} | a-3",
        "no template | no template"
      })
  void aHostNameMayBe(String template, String expected) {
    ContainerSpec spec = ContainerSpec.newBuilder().setHostname(template).build();
    assertEquals(expected, context(TASK).expand(spec).getHostname());
  }

  @Test
  void ofAGlobalServiceTheNodeStandsForTheSlot() {
    Task global = TASK.toBuilder().clearSlot().build();
    assertEquals("n1", context(global).expand("{{.Task.Slot}}", Map.of()));
    assertEquals("web.n1.t1", TaskContext.nameOf(global));
  }

  @Test
  void environmentAndMountsAreTemplatesToo() {
    Mount.Builder mount =
        Mount.newBuilder().setSource("data-{{.Task.Slot}}").setTarget("/d/{{.Node.ID}}");
    mount.getVolumeOptionsBuilder().putLabels("of", "{{.Service.Name}}");
    mount
        .getVolumeOptionsBuilder()
        .getDriverConfigBuilder()
        .setName("local")
        .putOptions("device", "/x/{{.Task.ID}}");
    ContainerSpec expanded =
        context(TASK)
            .expand(
                ContainerSpec.newBuilder()
                    .addEnv("SLOT={{.Task.Slot}}=")
                    .addEnv("{{BARE}}")
                    .addMounts(mount)
                    .build());
    assertEquals(List.of("SLOT=3=", "{{BARE}}"), expanded.getEnvList());
    assertEquals("data-3", expanded.getMounts(0).getSource());
    assertEquals("/d/n1", expanded.getMounts(0).getTarget());
    assertEquals(Map.of("of", "web"), expanded.getMounts(0).getVolumeOptions().getLabelsMap());
    assertEquals(
        Map.of("device", "/x/t1"),
        expanded.getMounts(0).getVolumeOptions().getDriverConfig().getOptionsMap());
  }

  @Test
  void aSpecWithoutTemplatesStaysTheSameObject() {
    ContainerSpec spec = ContainerSpec.newBuilder().setHostname("h").addEnv("A=b").build();
    assertSame(spec, context(TASK).expand(spec));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{.Service.Nmae}} | 1:11: no field \"Nmae\"; there are",
        "{{.Node.Hostname.X}} | 1:17: can't take field \"X\" of h1",
        "{{.Service.Labels.none}} | 1:18: no field \"none\"",
        "{{env \"PATH\"}} | 1:3: function \"env\" not defined",
        "{{.Task.Slot | 1:1: unclosed action"
      })
  void anErrorNamesThePartAndThePlace(String template, String message) {
    ContainerSpec spec = ContainerSpec.newBuilder().addEnv("A=" + template).build();
    TemplateError e = assertThrows(TemplateError.class, () -> context(TASK).expand(spec));
    String text = String.valueOf(e.getMessage());
    assertTrue(text.startsWith("expanding env \"" + template + "\" failed"), text);
    assertTrue(text.contains(message), text);
  }

  @Test
  void aTemplateThatWouldNeverEndIsStopped() {
    Annotations.Builder many = Annotations.newBuilder().setName("web");
    for (int i = 0; i < 200; i++) {
      many.putLabels("label" + i, "x");
    }
    String template =
        "{{range .Service.Labels}}{{range $.Service.Labels}}{{range $.Service.Labels}}{{.}}"
            + "{{end}}{{end}}{{end}}";
    TemplateError e =
        assertThrows(
            TemplateError.class, () -> TaskContext.sample(many.build()).expand(template, Map.of()));
    assertTrue(String.valueOf(e.getMessage()).contains("too many steps"), e.getMessage());
  }
}
