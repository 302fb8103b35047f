/**
 * The decision fixpoint: which keys a change wakes, which controller reconciles a key, and what its
 * plan adds to the next log entry. The manager's control loop runs it and has the entry committed.
 */
@NullMarked
package dev.swarm.core.loop;

import org.jspecify.annotations.NullMarked;
