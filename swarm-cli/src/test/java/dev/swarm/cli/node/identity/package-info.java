/** Stories of certificate files, addresses and renewal times. */
@NullMarked
package dev.swarm.cli.node.identity;

import org.jspecify.annotations.NullMarked;
