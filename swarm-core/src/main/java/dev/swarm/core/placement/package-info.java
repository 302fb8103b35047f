/**
 * Filters that a node must pass to be given a task, and the resources it has left. The scheduler
 * asks them, and so does the orchestrator, of nodes that have tasks already.
 */
@NullMarked
package dev.swarm.core.placement;

import org.jspecify.annotations.NullMarked;
