/** Tests of {@code dev.swarm.worker.assignment}. */
@NullMarked
package dev.swarm.worker.assignment;

import org.jspecify.annotations.NullMarked;
