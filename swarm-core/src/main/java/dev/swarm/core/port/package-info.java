/**
 * Interfaces through which the core uses the world: time, order of events, ids, a replicated log,
 * links to agents.
 */
@NullMarked
package dev.swarm.core.port;

import org.jspecify.annotations.NullMarked;
