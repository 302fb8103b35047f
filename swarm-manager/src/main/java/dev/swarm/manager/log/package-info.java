/**
 * The replicated log: Apache Ratis behind {@link dev.swarm.core.port.ReplicatedLog}, sealed on
 * disk.
 */
@NullMarked
package dev.swarm.manager.log;

import org.jspecify.annotations.NullMarked;
