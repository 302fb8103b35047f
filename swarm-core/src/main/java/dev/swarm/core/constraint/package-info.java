/** Placement constraints: parsing and matching. */
@NullMarked
package dev.swarm.core.constraint;

import org.jspecify.annotations.NullMarked;
