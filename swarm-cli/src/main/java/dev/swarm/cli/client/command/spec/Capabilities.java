package dev.swarm.cli.client.command.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.NavigableSet;

/**
 * Edits a container's capabilities. Each has three states: added, dropped and as the engine has it;
 * adding one that was dropped, or dropping one that was added, only takes it back.
 */
final class Capabilities {
  private static final String RESET = "RESET";

  private Capabilities() {}

  static void edit(ObjectNode container, List<String> add, List<String> drop) {
    NavigableSet<String> added = Syntax.capabilities(Tree.strings(container, "CapabilityAdd"));
    NavigableSet<String> dropped = Syntax.capabilities(Tree.strings(container, "CapabilityDrop"));
    NavigableSet<String> toAdd = wanted(add, added);
    NavigableSet<String> toDrop = wanted(drop, dropped);
    toDrop.removeAll(toAdd);
    move(toDrop, added, dropped);
    move(toAdd, dropped, added);
    Tree.setStrings(container, "CapabilityAdd", CreateSpec.allOr(added));
    Tree.setStrings(container, "CapabilityDrop", CreateSpec.allOr(dropped));
  }

  private static NavigableSet<String> wanted(List<String> names, NavigableSet<String> current) {
    NavigableSet<String> wanted = Syntax.capabilities(names);
    if (wanted.remove(RESET)) {
      current.clear();
    }
    return wanted;
  }

  private static void move(
      NavigableSet<String> names, NavigableSet<String> from, NavigableSet<String> to) {
    for (String name : names) {
      if (!from.remove(name)) {
        to.add(name);
      }
    }
  }
}
