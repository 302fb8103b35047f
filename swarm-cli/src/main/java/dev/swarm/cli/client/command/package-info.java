/** The commands of the {@code swarm} client, a class each: requests to the daemon, and output. */
@NullMarked
package dev.swarm.cli.client.command;

import org.jspecify.annotations.NullMarked;
