/** Durable named values as files. */
@NullMarked
package dev.swarm.worker.disk;

import org.jspecify.annotations.NullMarked;
