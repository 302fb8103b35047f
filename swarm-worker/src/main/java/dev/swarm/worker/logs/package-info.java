/** Publishes the logs of this node's tasks to those who subscribed at the manager's log broker. */
@NullMarked
package dev.swarm.worker.logs;

import org.jspecify.annotations.NullMarked;
