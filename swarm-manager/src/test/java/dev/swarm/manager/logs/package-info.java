/** Stories of log streams, on a loop that runs only when told to. */
@NullMarked
package dev.swarm.manager.logs;

import org.jspecify.annotations.NullMarked;
