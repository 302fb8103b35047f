/** The daemon's log: one line for one thing, whoever caused it, within bounds. */
@NullMarked
package dev.swarm.cli.node.log;

import org.jspecify.annotations.NullMarked;
