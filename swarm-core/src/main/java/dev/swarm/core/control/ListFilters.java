package dev.swarm.core.control;

import docker.swarmkit.v1.Annotations;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Filters of list requests. One without values lets everything pass. */
public final class ListFilters {
  private ListFilters() {}

  public static <T> boolean in(Collection<T> wanted, T value) {
    return wanted.isEmpty() || wanted.contains(value);
  }

  public static boolean startsWith(Collection<String> prefixes, String value) {
    return prefixes.isEmpty() || prefixes.stream().anyMatch(value::startsWith);
  }

  /** All wanted labels are there; a label wanted with no value may have any. */
  public static boolean labels(Map<String, String> wanted, Map<String, String> labels) {
    return wanted.entrySet().stream()
        .allMatch(
            label ->
                labels.containsKey(label.getKey())
                    && (label.getValue().isEmpty()
                        || label.getValue().equals(labels.get(label.getKey()))));
  }

  /** Every kind of condition that is given must be met. */
  public static boolean all(
      List<String> names,
      List<String> namePrefixes,
      List<String> idPrefixes,
      Map<String, String> labels,
      String id,
      Annotations annotations) {
    return in(names, annotations.getName())
        && startsWith(namePrefixes, annotations.getName())
        && startsWith(idPrefixes, id)
        && labels(labels, annotations.getLabelsMap());
  }

  /** Secrets and configs: one name, prefix or id is enough, then the labels must match. */
  public static boolean any(
      List<String> names,
      List<String> namePrefixes,
      List<String> idPrefixes,
      Map<String, String> labels,
      String id,
      Annotations annotations) {
    boolean named =
        (names.isEmpty() && namePrefixes.isEmpty() && idPrefixes.isEmpty())
            || names.contains(annotations.getName())
            || namePrefixes.stream().anyMatch(annotations.getName()::startsWith)
            || idPrefixes.stream().anyMatch(id::startsWith);
    return named && labels(labels, annotations.getLabelsMap());
  }
}
