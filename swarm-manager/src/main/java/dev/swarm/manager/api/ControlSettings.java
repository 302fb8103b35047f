package dev.swarm.manager.api;

import dev.swarm.core.control.cluster.ClusterSecrets;
import dev.swarm.core.control.node.Voters;
import dev.swarm.core.model.NodeId;
import docker.swarmkit.v1.ManagerStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Dependencies of control requests besides the snapshot. All of them are called from any thread and
 * must not block.
 *
 * @param managers how a node does as a member of the log; empty for one that is none
 * @param secrets makes the cluster's tokens and keys
 * @param voters who takes part in the log
 * @param setAside what is not looked after for now because of a fault, in words for people
 */
public record ControlSettings(
    Function<NodeId, Optional<ManagerStatus>> managers,
    ClusterSecrets secrets,
    Voters voters,
    Supplier<List<String>> setAside) {}
