package dev.swarm.core.placement;

import dev.swarm.core.allocator.TaskNetworks;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.spec.TaskPolicy;

/** Requirements that the tasks of one template have of a node. */
public record Needs(ServiceId service, TaskPolicy policy, TaskNetworks networks) {}
