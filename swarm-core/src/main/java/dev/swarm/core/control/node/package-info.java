/** Requests about nodes, and what a node's role and certificate amount to. */
@NullMarked
package dev.swarm.core.control.node;

import org.jspecify.annotations.NullMarked;
