/**
 * A node's kernel kept as its networks want it: what is there is read, and what differs is changed.
 */
@NullMarked
package dev.swarm.worker.network;

import org.jspecify.annotations.NullMarked;
