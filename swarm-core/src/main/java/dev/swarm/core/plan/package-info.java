/**
 * Controllers and decisions, and the values that they return: commands, a time to reconcile again,
 * and reasons.
 */
@NullMarked
package dev.swarm.core.plan;

import org.jspecify.annotations.NullMarked;
