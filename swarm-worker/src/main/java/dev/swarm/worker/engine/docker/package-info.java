/** Containers on any engine that speaks the Docker Engine API. */
@NullMarked
package dev.swarm.worker.engine.docker;

import org.jspecify.annotations.NullMarked;
