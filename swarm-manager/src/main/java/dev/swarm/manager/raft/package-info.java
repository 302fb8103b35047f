/**
 * The replicated log: Apache Ratis behind {@link dev.swarm.core.port.ReplicatedLog}, the only
 * package that knows the library, and a log in memory for one manager.
 */
@NullMarked
package dev.swarm.manager.raft;

import org.jspecify.annotations.NullMarked;
