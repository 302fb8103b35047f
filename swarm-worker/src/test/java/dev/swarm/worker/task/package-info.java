/** Tests of {@code dev.swarm.worker.task}. */
@NullMarked
package dev.swarm.worker.task;

import org.jspecify.annotations.NullMarked;
