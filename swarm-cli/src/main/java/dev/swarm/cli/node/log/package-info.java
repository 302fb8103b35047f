/** The daemon's log: one line for each event, safe to print, and bounded in number. */
@NullMarked
package dev.swarm.cli.node.log;

import org.jspecify.annotations.NullMarked;
