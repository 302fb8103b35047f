/** The client half's wire: HTTP/1.1 over the daemon's socket, and JSON as trees. */
@NullMarked
package dev.swarm.cli.client;

import org.jspecify.annotations.NullMarked;
