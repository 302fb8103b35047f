/** Engines, which run tasks: the interface, and the composite that routes by runtime. */
@NullMarked
package dev.swarm.worker.engine;

import org.jspecify.annotations.NullMarked;
