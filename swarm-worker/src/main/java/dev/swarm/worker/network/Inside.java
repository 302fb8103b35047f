package dev.swarm.worker.network;

import dev.swarm.core.kernel.KernelState;
import java.util.ArrayList;
import java.util.List;

/** The words that run a program in a named network namespace. */
final class Inside {
  private static final String NAMED = "/run/netns/";

  private Inside() {}

  static List<String> of(String namespace, String... command) {
    List<String> words = new ArrayList<>();
    if (!namespace.equals(KernelState.HOST)) {
      // Not "ip netns exec", which hides the control groups.
      words.addAll(List.of("nsenter", "--net=" + NAMED + namespace, "--"));
    }
    words.addAll(List.of(command));
    return words;
  }
}
