/** What a node must meet to be given a task, and what it has left; asked by whoever places. */
@NullMarked
package dev.swarm.core.placement;

import org.jspecify.annotations.NullMarked;
