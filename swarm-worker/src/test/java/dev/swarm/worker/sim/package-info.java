/** A simulated event loop, clock, engine, disk and manager for the worker's tests. */
@NullMarked
package dev.swarm.worker.sim;

import org.jspecify.annotations.NullMarked;
