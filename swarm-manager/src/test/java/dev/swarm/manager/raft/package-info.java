/** Tests of the replicated log, on real disks. */
@NullMarked
package dev.swarm.manager.raft;

import org.jspecify.annotations.NullMarked;
