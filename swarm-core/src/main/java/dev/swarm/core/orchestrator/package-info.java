/**
 * Keeps the tasks of services as their specs ask: creates, updates, restarts, evicts and removes
 * them.
 */
@NullMarked
package dev.swarm.core.orchestrator;

import org.jspecify.annotations.NullMarked;
