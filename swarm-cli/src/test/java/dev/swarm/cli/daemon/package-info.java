/** Tests of the daemon's own parts. */
@NullMarked
package dev.swarm.cli.daemon;

import org.jspecify.annotations.NullMarked;
