/** Plain processes of the operating system, for hosts without a container engine. */
@NullMarked
package dev.swarm.worker.engine.process;

import org.jspecify.annotations.NullMarked;
