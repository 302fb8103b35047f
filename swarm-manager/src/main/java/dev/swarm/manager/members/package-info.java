/** Cooperation of several managers: who votes, who leads, and how calls get to the leader. */
@NullMarked
package dev.swarm.manager.members;

import org.jspecify.annotations.NullMarked;
