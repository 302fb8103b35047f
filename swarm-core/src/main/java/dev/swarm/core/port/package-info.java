/**
 * What the core asks of the world: time, order of events, ids, a replicated log, a link to an
 * agent.
 */
@NullMarked
package dev.swarm.core.port;

import org.jspecify.annotations.NullMarked;
