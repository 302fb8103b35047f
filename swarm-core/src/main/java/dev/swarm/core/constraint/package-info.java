/** Placement constraints: parsing, and matching with what is known of a node. */
@NullMarked
package dev.swarm.core.constraint;

import org.jspecify.annotations.NullMarked;
