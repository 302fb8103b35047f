package dev.swarm.core.control;

import com.google.protobuf.ByteString;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Payload;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.Version;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Requests about payloads, the same for secrets and for configs: stored once, labels the only part
 * that changes, not removed while a service uses it.
 *
 * @param kind all in which the two differ
 */
public record PayloadControl<T extends Payload<T>>(PayloadKind<T> kind) {

  /**
   * @param hasSpec whether the request brought one
   * @param asked what is to be made, without an id
   */
  public <R> Decision<R> create(boolean hasSpec, T asked, Function<T, R> reply) {
    String noun = kind.noun();
    Optional<Rejection> wrong =
        Checks.refuseIf(!hasSpec, "the spec of the " + noun + " is missing")
            .or(() -> PayloadRules.annotations(noun, asked.annotations()))
            .or(() -> PayloadRules.templating(noun, asked.templating()))
            .or(() -> kind.data().apply(asked));
    return Refuse.unless(wrong, () -> (draft, context) -> create(asked, draft, context, reply));
  }

  private <R> Verdict<R> create(
      T asked, Snapshot draft, Decision.Context context, Function<T, R> reply) {
    String name = asked.name();
    if (kind.table().apply(draft).stream().anyMatch(one -> one.name().equalsIgnoreCase(name))) {
      return Verdict.reject(Refuse.exists("%s %s already exists".formatted(kind.noun(), name)));
    }
    return stored(asked.withId(context.ids().next()), context, reply);
  }

  /**
   * @param version empty if the request names none
   * @param data as the request has it; none means that it is to stay
   */
  public <R> Decision<R> update(
      String id,
      Optional<Version> version,
      Annotations annotations,
      ByteString data,
      Function<T, R> reply) {
    Optional<Rejection> wrong =
        Checks.refuseIf(version.isEmpty(), "the version of the " + kind.noun() + " is missing")
            .or(() -> PayloadRules.labels(kind.noun(), annotations));
    return Refuse.unless(
        wrong,
        () ->
            (draft, context) -> {
              Optional<T> found = find(draft, id);
              if (found.isEmpty()) {
                return Verdict.reject(Refuse.notFound(kind.noun(), id));
              }
              T old = found.get();
              if (version.filter(v -> v.getIndex() == old.meta().version()).isEmpty()) {
                return Verdict.reject(Rejection.stale());
              }
              if (changesMore(old, annotations, data)) {
                return Verdict.reject(Refuse.invalid("only updates to Labels are allowed"));
              }
              return stored(old.withLabels(annotations.getLabelsMap()), context, reply);
            });
  }

  private boolean changesMore(T old, Annotations annotations, ByteString data) {
    return !old.name().equals(annotations.getName())
        || (!data.isEmpty()
            && !MessageDigest.isEqual(data.toByteArray(), old.data().toByteArray()));
  }

  public <R> Decision<R> remove(String id, R done) {
    return (draft, context) -> {
      Optional<T> found = find(draft, id);
      if (found.isEmpty()) {
        return Verdict.reject(Refuse.notFound(kind.noun(), id));
      }
      return References.inUse(
              kind.noun(), found.get().name(), draft, service -> kind.uses().test(service, id))
          .map(users -> Verdict.<R>reject(Refuse.invalid(users)))
          .orElseGet(() -> Verdict.accept(List.of(kind.remove().apply(id)), snapshot -> done));
    };
  }

  public <R> Verdict<R> get(Snapshot snapshot, String id, Function<T, R> reply) {
    return find(snapshot, id)
        .map(reply)
        .map(response -> Verdict.accept(List.of(), same -> response))
        .orElseGet(() -> Verdict.reject(Refuse.notFound(kind.noun(), id)));
  }

  /** All of them, by id. */
  public Stream<T> list(Snapshot snapshot) {
    return kind.table().apply(snapshot).stream().sorted(Comparator.comparing(Payload::id));
  }

  private Optional<T> find(Snapshot snapshot, String id) {
    return kind.table().apply(snapshot).find(id);
  }

  private <R> Verdict<R> stored(T made, Decision.Context context, Function<T, R> reply) {
    Meta touched = made.meta().touched(context.index(), context.now().toEpochMilli());
    return Verdict.accept(
        List.of(kind.put().apply(made)),
        snapshot -> reply.apply(find(snapshot, made.id()).orElseGet(() -> made.withMeta(touched))));
  }
}
