/** Addresses as values: a host with its port, a block of IP addresses. Nothing is resolved here. */
@NullMarked
package dev.swarm.core.net;

import org.jspecify.annotations.NullMarked;
