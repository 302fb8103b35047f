package dev.swarm.worker.engine.process;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Whether these tests run as root, on Linux. */
final class RootCondition implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (System.getProperty("os.name", "").equals("Linux") && ProcessHost.isRoot()) {
      return ConditionEvaluationResult.enabled("root, on Linux");
    }
    String why = "tests of what a root daemon's processes may do need root, on Linux";
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      throw new IllegalStateException(why + "; CI must have it");
    }
    if (context.getTestMethod().isEmpty()) {
      say("SKIPPED " + context.getDisplayName() + ": " + why);
    }
    return ConditionEvaluationResult.disabled(why);
  }

  @SuppressWarnings("SystemOut")
  private static void say(String text) {
    System.out.println(text);
  }
}
