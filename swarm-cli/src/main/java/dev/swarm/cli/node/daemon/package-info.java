/** The daemon: a node of a cluster, worker always and manager while it is one. */
@NullMarked
package dev.swarm.cli.node.daemon;

import org.jspecify.annotations.NullMarked;
