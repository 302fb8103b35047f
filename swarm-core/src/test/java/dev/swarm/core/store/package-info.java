/** Laws of the snapshot and of its bytes. */
@NullMarked
package dev.swarm.core.store;

import org.jspecify.annotations.NullMarked;
