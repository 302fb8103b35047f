/**
 * Desired kernel state for the networks that a node is on, its difference from the actual state,
 * and the commands that make up the difference.
 */
@NullMarked
package dev.swarm.core.kernel;

import org.jspecify.annotations.NullMarked;
