/** The {@code swarm} program: hands its arguments to the client commands or to a daemon. */
@NullMarked
package dev.swarm.cli;

import org.jspecify.annotations.NullMarked;
