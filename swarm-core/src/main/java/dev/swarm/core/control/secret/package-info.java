/** Requests about secrets. */
@NullMarked
package dev.swarm.core.control.secret;

import org.jspecify.annotations.NullMarked;
