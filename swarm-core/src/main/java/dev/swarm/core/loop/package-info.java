/**
 * The decision fixpoint: which keys a change wakes, which controller looks at a key, and what its
 * plan adds to the next entry of the log. Who runs it, and has the entry committed, is the
 * manager's control loop.
 */
@NullMarked
package dev.swarm.core.loop;

import org.jspecify.annotations.NullMarked;
