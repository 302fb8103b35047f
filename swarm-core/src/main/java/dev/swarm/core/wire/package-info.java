/** Converts the model's objects to their wire form, and back. */
@NullMarked
package dev.swarm.core.wire;

import org.jspecify.annotations.NullMarked;
