/**
 * The demonstration: real daemons and real processes on one machine, and a story told with them.
 */
@NullMarked
package dev.swarm.cli.node.demo;

import org.jspecify.annotations.NullMarked;
