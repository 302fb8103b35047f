/** Tests of {@code dev.swarm.worker.session}. */
@NullMarked
package dev.swarm.worker.session;

import org.jspecify.annotations.NullMarked;
