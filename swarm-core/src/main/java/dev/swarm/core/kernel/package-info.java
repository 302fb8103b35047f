/**
 * What a node's kernel should hold for the networks it is on, how that differs from what it holds,
 * and the commands that make up the difference.
 */
@NullMarked
package dev.swarm.core.kernel;

import org.jspecify.annotations.NullMarked;
