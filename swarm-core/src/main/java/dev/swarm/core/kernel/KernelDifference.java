package dev.swarm.core.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Computes the steps from one state of a kernel to another, in an order that traffic survives: what
 * is new is in place before packets are sent there, and nothing is removed while packets still are.
 * Links and rows come first, then rules, then what is no longer needed.
 */
public final class KernelDifference {
  private final SortedMap<String, Namespace> have;
  private final KernelState want;
  private final List<KernelCommand> commands = new ArrayList<>();

  private KernelDifference(KernelState have, KernelState want) {
    this.have = new TreeMap<>(have.namespaces());
    this.want = want;
  }

  /** Empty if there is no difference. The host's own namespace is neither made nor deleted. */
  public static List<KernelCommand> between(KernelState have, KernelState want) {
    KernelDifference difference = new KernelDifference(have, want);
    difference.namespaces();
    difference.dropChangedLinks();
    difference.addLinks();
    // A link's settings exist with it; a namespace's own come before its links.
    difference.each(NamespaceDifference::settings);
    difference.each(NamespaceDifference::additions);
    difference.each(NamespaceDifference::rules);
    difference.each(NamespaceDifference::removals);
    return List.copyOf(difference.commands);
  }

  private void namespaces() {
    for (String name : new TreeSet<>(have.keySet())) {
      if (!name.equals(KernelState.HOST) && !want.namespaces().containsKey(name)) {
        commands.add(new KernelCommand.DeleteNamespace(name));
        have.remove(name);
        forgetUplinksTo(name);
      }
    }
    want.namespaces()
        .forEach(
            (name, wanted) -> {
              if (!name.equals(KernelState.HOST) && !have.containsKey(name)) {
                commands.add(new KernelCommand.AddNamespace(name));
                Namespace.Builder fresh = new Namespace.Builder();
                wanted.settings().forEach((key, value) -> set(name, fresh, key, value));
                have.put(name, fresh.build());
              }
            });
  }

  private void set(String name, Namespace.Builder fresh, String key, String value) {
    commands.add(new KernelCommand.PutSetting(name, key, value));
    fresh.settings.put(key, value);
  }

  /** What is left elsewhere of cables into a namespace that is no more. */
  private void forgetUplinksTo(String namespace) {
    have.replaceAll(
        (_, there) -> {
          Namespace rest = there;
          for (var link : there.links().entrySet()) {
            if (link.getValue().kind() instanceof Link.Uplink uplink
                && uplink.peerNamespace().equals(namespace)) {
              rest = rest.withoutLink(link.getKey());
            }
          }
          return rest;
        });
  }

  /** Those that must be made anew, and of an uplink both ends. */
  private void dropChangedLinks() {
    want.namespaces()
        .forEach(
            (name, wanted) ->
                wanted
                    .links()
                    .forEach(
                        (link, as) -> {
                          Link now = at(name).links().get(link);
                          if (now != null
                              && !(now.kind().equals(as.kind()) && isWhole(name, now))) {
                            drop(name, link);
                          }
                        }));
  }

  private Namespace at(String namespace) {
    return have.getOrDefault(namespace, Namespace.EMPTY);
  }

  /** Whether an uplink's other end is where it should be. */
  private boolean isWhole(String namespace, Link link) {
    if (!(link.kind() instanceof Link.Uplink uplink)) {
      return true;
    }
    Link other = at(uplink.peerNamespace()).links().get(uplink.peer());
    return other != null
        && other.kind() instanceof Link.Uplink back
        && back.peerNamespace().equals(namespace);
  }

  private void drop(String namespace, String link) {
    Link gone = at(namespace).links().get(link);
    if (gone == null) {
      return;
    }
    commands.add(new KernelCommand.DeleteLink(namespace, link));
    have.put(namespace, at(namespace).withoutLink(link));
    if (gone.kind() instanceof Link.Uplink uplink) {
      have.computeIfPresent(uplink.peerNamespace(), (_, there) -> there.withoutLink(uplink.peer()));
    }
  }

  private void addLinks() {
    want.namespaces()
        .forEach(
            (name, wanted) ->
                wanted
                    .links()
                    .forEach(
                        (link, as) -> {
                          if (!at(name).links().containsKey(link)) {
                            commands.add(new KernelCommand.AddLink(name, link, as));
                            made(name, link, as);
                          }
                        }));
  }

  /** Remembers a link as it is when it has just been made. */
  private void made(String namespace, String name, Link as) {
    put(namespace, name, fresh(as));
    if (as.kind() instanceof Link.Uplink uplink) {
      put(
          uplink.peerNamespace(),
          uplink.peer(),
          fresh(Link.of(new Link.Uplink(name, namespace), as.mtu())));
    }
  }

  private void put(String namespace, String name, Link link) {
    Namespace.Builder with = at(namespace).edit();
    with.links.put(name, link);
    have.put(namespace, with.build());
  }

  private static Link fresh(Link link) {
    return link.withMaster("").withPort(Link.Port.NONE).withUp(false);
  }

  private void each(Consumer<NamespaceDifference> phase) {
    SortedSet<String> names = new TreeSet<>(have.keySet());
    names.addAll(want.namespaces().keySet());
    for (String name : names) {
      phase.accept(new NamespaceDifference(name, at(name), want.of(name), commands::add));
    }
  }
}
