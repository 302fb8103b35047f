/**
 * One class a command of the {@code swarm} client: what it asks of the daemon and what it prints.
 */
@NullMarked
package dev.swarm.cli.client.command;

import org.jspecify.annotations.NullMarked;
