/** The operators' services over gRPC. */
@NullMarked
package dev.swarm.manager.api;

import org.jspecify.annotations.NullMarked;
