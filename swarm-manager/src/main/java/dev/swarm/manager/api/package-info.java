/** The operators' gRPC services: thin adapters of the core's decisions and queries. */
@NullMarked
package dev.swarm.manager.api;

import org.jspecify.annotations.NullMarked;
