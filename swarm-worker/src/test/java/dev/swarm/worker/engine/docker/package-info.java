/** Tests of the container engine. */
@NullMarked
package dev.swarm.worker.engine.docker;

import org.jspecify.annotations.NullMarked;
