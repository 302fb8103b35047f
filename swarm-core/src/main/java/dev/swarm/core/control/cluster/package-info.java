/** Requests about the cluster itself: its spec, join tokens, unlock key, root and blacklist. */
@NullMarked
package dev.swarm.core.control.cluster;

import org.jspecify.annotations.NullMarked;
