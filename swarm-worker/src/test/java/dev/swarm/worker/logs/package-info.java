/** Tests of {@code dev.swarm.worker.logs}. */
@NullMarked
package dev.swarm.worker.logs;

import org.jspecify.annotations.NullMarked;
