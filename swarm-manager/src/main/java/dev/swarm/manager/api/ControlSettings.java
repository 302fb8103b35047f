package dev.swarm.manager.api;

import com.google.protobuf.ByteString;
import dev.swarm.core.control.Voters;
import dev.swarm.core.model.NodeId;
import docker.swarmkit.v1.ManagerStatus;
import docker.swarmkit.v1.RootCA;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What control requests need besides the snapshot. All of it is called from any thread and must not
 * block.
 *
 * @param managers how a node does as a member of the log; empty for one that is none
 * @param newJoinToken makes a token with a fresh secret for clusters with that root
 * @param newUnlockKey makes a key for managers' disks
 * @param voters who takes part in the log
 */
public record ControlSettings(
    Function<NodeId, Optional<ManagerStatus>> managers,
    Function<RootCA, String> newJoinToken,
    Supplier<ByteString> newUnlockKey,
    Voters voters) {}
