/** Stories of certificate files, addresses and renewal times. */
@NullMarked
package dev.swarm.cli.daemon.identity;

import org.jspecify.annotations.NullMarked;
