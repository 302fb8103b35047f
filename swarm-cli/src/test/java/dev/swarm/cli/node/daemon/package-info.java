/** Tests of the daemon's own parts. */
@NullMarked
package dev.swarm.cli.node.daemon;

import org.jspecify.annotations.NullMarked;
