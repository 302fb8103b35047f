/** From Compose files to the Engine API's requests: reading, checking, merging and converting. */
@NullMarked
package dev.swarm.cli.client.command.stack;

import org.jspecify.annotations.NullMarked;
