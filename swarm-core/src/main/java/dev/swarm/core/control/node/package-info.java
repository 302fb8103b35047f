/** Requests about nodes, and decisions on their roles and certificates. */
@NullMarked
package dev.swarm.core.control.node;

import org.jspecify.annotations.NullMarked;
