/** A manager: the effects around the core's decisions. */
@NullMarked
package dev.swarm.manager;

import org.jspecify.annotations.NullMarked;
