/** Keeps a node's kernel as its networks want it: reads what is there, and changes what differs. */
@NullMarked
package dev.swarm.worker.network;

import org.jspecify.annotations.NullMarked;
