/** Tests of {@code dev.swarm.worker.secret}. */
@NullMarked
package dev.swarm.worker.secret;

import org.jspecify.annotations.NullMarked;
