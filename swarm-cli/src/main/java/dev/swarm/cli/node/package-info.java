/**
 * The half of the program that is a node: the daemon, the Engine API in front of it, its log, and
 * the demo.
 */
@NullMarked
package dev.swarm.cli.node;

import org.jspecify.annotations.NullMarked;
