/**
 * Keeps a node's kernel in the state that its networks ask for: reads it, and changes what differs.
 */
@NullMarked
package dev.swarm.worker.network;

import org.jspecify.annotations.NullMarked;
