/**
 * Protects a manager's port before a call is looked at: limits the connections, handshakes, frames
 * and log lines of a remote, by its certificate and never by what it says itself.
 */
@NullMarked
package dev.swarm.manager.edge;

import org.jspecify.annotations.NullMarked;
