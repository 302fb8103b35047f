/** Pauses before something is tried again. */
@NullMarked
package dev.swarm.core.retry;

import org.jspecify.annotations.NullMarked;
