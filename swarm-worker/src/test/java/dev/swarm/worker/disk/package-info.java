/** Tests of {@code dev.swarm.worker.disk}. */
@NullMarked
package dev.swarm.worker.disk;

import org.jspecify.annotations.NullMarked;
