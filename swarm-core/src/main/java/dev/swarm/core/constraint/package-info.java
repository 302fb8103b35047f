/** Placement constraints: parsing them, and matching them with a node's attributes. */
@NullMarked
package dev.swarm.core.constraint;

import org.jspecify.annotations.NullMarked;
