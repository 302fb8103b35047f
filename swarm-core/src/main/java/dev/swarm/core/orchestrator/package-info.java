/**
 * Keeps the tasks of services as their specs ask: how many, which version, restarted, enforced,
 * reaped.
 */
@NullMarked
package dev.swarm.core.orchestrator;

import org.jspecify.annotations.NullMarked;
