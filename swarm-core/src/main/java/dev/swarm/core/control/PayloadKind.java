package dev.swarm.core.control;

import dev.swarm.core.model.Payload;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.store.Table;
import docker.swarmkit.v1.ServiceSpec;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Differences between secrets and configs, as far as requests are decided by them.
 *
 * @param noun for messages
 * @param data refuses data that must not be, and where it must not come from
 * @param table where they are in a snapshot
 * @param put the change that stores one
 * @param remove the change that removes the one with the id
 * @param uses whether a service uses the one with the id
 */
public record PayloadKind<T extends Payload<T>>(
    String noun,
    Function<T, Optional<Rejection>> data,
    Function<Snapshot, Table<String, T>> table,
    Function<T, Change> put,
    Function<String, Change> remove,
    BiPredicate<ServiceSpec, String> uses) {}
