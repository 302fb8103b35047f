/** Tests of {@code dev.swarm.worker.engine.process}. */
@NullMarked
package dev.swarm.worker.engine.process;

import org.jspecify.annotations.NullMarked;
