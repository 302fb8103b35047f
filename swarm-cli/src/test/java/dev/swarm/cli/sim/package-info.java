/** A whole cluster in one thread: real managers and workers in a world that one seed builds. */
@NullMarked
package dev.swarm.cli.sim;

import org.jspecify.annotations.NullMarked;
