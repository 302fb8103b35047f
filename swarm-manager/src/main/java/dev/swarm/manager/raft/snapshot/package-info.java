/**
 * Snapshots of the log: when they are due, sealed files on disk, and how a manager that lags behind
 * fetches one.
 */
@NullMarked
package dev.swarm.manager.raft.snapshot;

import org.jspecify.annotations.NullMarked;
