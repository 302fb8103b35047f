/** Assignments of this node: a value, and how messages change it. */
@NullMarked
package dev.swarm.worker.assignment;

import org.jspecify.annotations.NullMarked;
