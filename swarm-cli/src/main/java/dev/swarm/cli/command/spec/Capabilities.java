package dev.swarm.cli.command.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeSet;

/**
 * Edits of a container's capabilities. Each has three states: added, dropped and as the engine has
 * it; adding one that was dropped, or dropping one that was added, only takes it back.
 */
final class Capabilities {
  private static final String RESET = "RESET";

  private Capabilities() {}

  static void edit(ObjectNode container, List<String> add, List<String> drop) {
    TreeSet<String> added = Syntax.capabilities(Tree.strings(container, "CapabilityAdd"));
    TreeSet<String> dropped = Syntax.capabilities(Tree.strings(container, "CapabilityDrop"));
    TreeSet<String> toAdd = wanted(add, added);
    TreeSet<String> toDrop = wanted(drop, dropped);
    toDrop.removeAll(toAdd);
    move(toDrop, added, dropped);
    move(toAdd, dropped, added);
    Tree.setStrings(container, "CapabilityAdd", CreateSpec.allOr(added));
    Tree.setStrings(container, "CapabilityDrop", CreateSpec.allOr(dropped));
  }

  private static TreeSet<String> wanted(List<String> names, TreeSet<String> current) {
    TreeSet<String> wanted = Syntax.capabilities(names);
    if (wanted.remove(RESET)) {
      current.clear();
    }
    return wanted;
  }

  private static void move(TreeSet<String> names, TreeSet<String> from, TreeSet<String> to) {
    for (String name : names) {
      if (!from.remove(name)) {
        to.add(name);
      }
    }
  }
}
