/** The model's objects in the form they have on the wire, and back. */
@NullMarked
package dev.swarm.core.wire;

import org.jspecify.annotations.NullMarked;
