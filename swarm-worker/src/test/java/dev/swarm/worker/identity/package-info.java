/** Stories of certificate files, addresses and renewal times. */
@NullMarked
package dev.swarm.worker.identity;

import org.jspecify.annotations.NullMarked;
