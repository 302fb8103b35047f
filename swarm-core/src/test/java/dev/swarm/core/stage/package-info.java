/** A small cluster in hand, for tests of decisions. */
@NullMarked
package dev.swarm.core.stage;

import org.jspecify.annotations.NullMarked;
