/** The agent's conversation with a manager: registration, heartbeats, back-off, messages. */
@NullMarked
package dev.swarm.worker.session;

import org.jspecify.annotations.NullMarked;
