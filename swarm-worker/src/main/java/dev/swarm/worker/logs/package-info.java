/** Publishes the logs of this node's tasks to whoever the manager's log broker says wants them. */
@NullMarked
package dev.swarm.worker.logs;

import org.jspecify.annotations.NullMarked;
