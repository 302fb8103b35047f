/** The dispatcher: agents' sessions, heartbeats, assignments and status reports. */
@NullMarked
package dev.swarm.manager.dispatcher;

import org.jspecify.annotations.NullMarked;
