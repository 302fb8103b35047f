package dev.swarm.cli.client.command;

import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.stack.Project;
import dev.swarm.cli.client.command.stack.Stack;
import dev.swarm.cli.client.command.stack.StackServices;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.List;

/** {@code swarm stack deploy}. */
final class StackDeploy {
  private StackDeploy() {}

  static Command command() {
    return Command.of(
        "stack deploy",
        "STACK",
        1,
        1,
        "Deploy a stack, or update it",
        List.of(
            StackConfig.filesFlag(),
            Flag.toggle("detach", "Do not wait until the stack's services run as wanted").or('d'),
            Flag.toggle("prune", "Remove the stack's services that the files no longer have"),
            Flag.toggle("quiet", "Wait without showing progress").or('q'),
            Flag.value(
                    "resolve-image",
                    "string",
                    "Whether an unchanged image is looked up again (\"always\", \"changed\","
                        + " \"never\") (default \"always\")")
                .of("always", "changed", "never"),
            Flag.toggle(
                "with-registry-auth", "Send this user's registry credentials to the nodes")),
        StackDeploy::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    Stack stack = StackSelection.named(operands.getFirst());
    String resolve = flags.has("resolve-image") ? flags.text("resolve-image") : "always";
    Project project = StackConfig.load(context, flags, true);
    project.warnings().forEach(context.err()::print);
    new StackServices(project, stack).check();
    if (!context.info().path("Swarm").path("ControlAvailable").asBoolean()) {
      throw new IOException(
          "this node is not a swarm manager. Use \"swarm init\" or \"swarm join\" to connect this"
              + " node to swarm and try again");
    }
    Deployment deployment =
        new Deployment(context, project, stack, resolve, flags.on("with-registry-auth"));
    if (flags.on("prune")) {
      deployment.prune();
    }
    List<Convergence.Watched> services = deployment.run();
    return flags.on("detach") ? 0 : Convergence.await(context, services, flags.on("quiet"));
  }
}
