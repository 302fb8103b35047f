/**
 * Allocates subnets, VXLAN ids, addresses and gossip keys: what is free is computed from what the
 * objects hold.
 */
@NullMarked
package dev.swarm.core.allocator;

import org.jspecify.annotations.NullMarked;
