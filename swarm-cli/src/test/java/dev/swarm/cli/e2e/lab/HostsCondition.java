package dev.swarm.cli.e2e.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Whether this machine can make hosts. */
class HostsCondition implements ExecutionCondition {
  private static final List<String> PROGRAMS =
      List.of("dockerd", "docker", "ip", "nsenter", "unshare", "iptables");

  private final List<String> programs;

  HostsCondition() {
    this(PROGRAMS);
  }

  HostsCondition(List<String> programs) {
    this.programs = programs;
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    List<String> missing = missing();
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("this machine can make hosts");
    }
    String why = "end-to-end tests with hosts need " + String.join(", ", missing);
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      throw new IllegalStateException(why + "; CI must have it");
    }
    if (context.getTestMethod().isEmpty()) {
      say("SKIPPED " + context.getDisplayName() + ": " + why);
    }
    return ConditionEvaluationResult.disabled(why);
  }

  private List<String> missing() {
    List<String> missing = new ArrayList<>();
    if (!System.getProperty("user.name", "").equals("root")) {
      missing.add("root");
    }
    for (String program : programs) {
      if (!installed(program)) {
        missing.add(program);
      }
    }
    if (!Files.isExecutable(Path.of("/bin/busybox"))) {
      missing.add("/bin/busybox (busybox-static)");
    }
    if (missing.isEmpty() && !namespaces()) {
      missing.add("the right to make namespaces");
    }
    return missing;
  }

  private static boolean installed(String program) {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return Files.isExecutable(Path.of("/usr/sbin", program));
  }

  private static boolean namespaces() {
    return Programs.run(List.of("unshare", "--mount", "--net", "--pid", "--fork", "true"))
        .succeeded();
  }

  @SuppressWarnings("SystemOut")
  private static void say(String text) {
    System.out.println(text);
  }
}
