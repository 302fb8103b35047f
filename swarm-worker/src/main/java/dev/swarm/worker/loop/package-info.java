/** The machine's event loop and clock. */
@NullMarked
package dev.swarm.worker.loop;

import org.jspecify.annotations.NullMarked;
