package dev.swarm.core.loop;

import dev.swarm.core.model.Cause;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Key;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Puts a plan and its reasons into one line: {@code slot 2 of service web: 1 called off, 1 made
 * (node drained: n1)}.
 */
public final class PlanSummary {
  /** So many causes are told of; a line is to be read. */
  private static final int CAUSES_MAX = 4;

  private final Snapshot before;

  private PlanSummary(Snapshot before) {
    this.before = before;
  }

  /**
   * @param before the state the plan was made for
   * @param commands those of the plan that are carried out
   */
  public static String of(Key key, List<Command> commands, Snapshot before) {
    return new PlanSummary(before).line(key, commands);
  }

  private String line(Key key, List<Command> commands) {
    Map<Cause, Map<String, Integer>> done = new LinkedHashMap<>();
    for (Command command : commands) {
      done.computeIfAbsent(command.cause(), cause -> new LinkedHashMap<>())
          .merge(verb(command), 1, Integer::sum);
    }
    String told =
        done.entrySet().stream()
            .limit(CAUSES_MAX)
            .map(entry -> counts(entry.getValue()) + " (" + words(entry.getKey()) + ")")
            .collect(Collectors.joining("; "));
    String rest =
        done.size() > CAUSES_MAX ? "; " + (done.size() - CAUSES_MAX) + " more causes" : "";
    return key.describe(before) + ": " + told + rest;
  }

  private static String counts(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  private String words(Cause cause) {
    return cause.words(this::nodeName);
  }

  private String nodeName(NodeId id) {
    return before
        .nodes()
        .find(id)
        .map(Node::hostname)
        .filter(name -> !name.isEmpty())
        .orElse(id.value());
  }

  private static String verb(Command command) {
    return switch (command) {
      case Command.Create _ -> "made";
      case Command.Make(Change.AdvanceTask advance, Cause _) -> verb(advance);
      case Command.Make(Change.AssignTask _, Cause _) -> "given a node";
      case Command.Make(Change.RemoveTask _, Cause _) -> "forgotten";
      case Command.Make(Change.PutService _, Cause _) -> "update moved on";
      case Command.Make _, Command.Draw _ -> "changed";
    };
  }

  private static String verb(Change.AdvanceTask advance) {
    if (advance.desired() == TaskState.NEW) {
      boolean waits = advance.status().filter(status -> !status.state().isTerminal()).isPresent();
      return waits ? "told why it waits" : "given up";
    }
    return advance.desired().isRunnable() ? "started" : "called off";
  }
}
