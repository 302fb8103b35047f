package dev.swarm.core.kernel;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * State of a kernel as far as networks concern it, desired or actual.
 *
 * @param namespaces by name; of the node's own, {@link #HOST}, only what is there for networks
 */
public record KernelState(SortedMap<String, Namespace> namespaces) {
  /** The network namespace of the node itself, which has no name. */
  public static final String HOST = "";

  public static final KernelState EMPTY = new KernelState(new TreeMap<>());

  public KernelState {
    namespaces = Collections.unmodifiableSortedMap(namespaces);
  }

  /** What is in one; nothing where it is not there. */
  public Namespace of(String name) {
    return namespaces.getOrDefault(name, Namespace.EMPTY);
  }
}
