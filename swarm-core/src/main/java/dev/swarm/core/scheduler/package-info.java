/** Finds nodes for tasks, and says why where there is none. */
@NullMarked
package dev.swarm.core.scheduler;

import org.jspecify.annotations.NullMarked;
