/**
 * Protects the log from strangers and from loss: data keys and what is sealed with them, and files
 * that a crash leaves whole.
 */
@NullMarked
package dev.swarm.manager.raft.storage;

import org.jspecify.annotations.NullMarked;
