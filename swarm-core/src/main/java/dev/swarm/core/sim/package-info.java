/**
 * Virtual time, in which managers and workers run unchanged: for our simulations and tests, and for
 * those of whoever embeds them.
 */
@NullMarked
package dev.swarm.core.sim;

import org.jspecify.annotations.NullMarked;
