/** The gRPC services of a manager, and how their errors look on the wire. */
@NullMarked
package dev.swarm.manager.api;

import org.jspecify.annotations.NullMarked;
