/** Command-line flags as data: their declaration, their parsing and the values they spell. */
@NullMarked
package dev.swarm.cli.client.command.flag;

import org.jspecify.annotations.NullMarked;
