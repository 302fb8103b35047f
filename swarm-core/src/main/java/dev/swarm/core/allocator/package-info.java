/** Addresses, ports of networks and keys: what is still free, told from what the objects hold. */
@NullMarked
package dev.swarm.core.allocator;

import org.jspecify.annotations.NullMarked;
