/**
 * What stands at a manager's port before a call is looked at: how many connections, handshakes,
 * frames and lines of log a remote gets, by what its certificate says, and none for what it says
 * itself.
 */
@NullMarked
package dev.swarm.manager.edge;

import org.jspecify.annotations.NullMarked;
