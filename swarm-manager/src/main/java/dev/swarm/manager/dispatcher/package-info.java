/** Talks to agents: sessions, beats, assignments, status reports. */
@NullMarked
package dev.swarm.manager.dispatcher;

import org.jspecify.annotations.NullMarked;
