/** The daemon's log: one line for one thing, whoever caused it, and not more than it is worth. */
@NullMarked
package dev.swarm.cli.node.log;

import org.jspecify.annotations.NullMarked;
