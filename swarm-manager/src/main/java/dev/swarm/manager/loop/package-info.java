/**
 * The control loop: requests and plans become entries of the log, committed entries the next
 * snapshot.
 */
@NullMarked
package dev.swarm.manager.loop;

import org.jspecify.annotations.NullMarked;
