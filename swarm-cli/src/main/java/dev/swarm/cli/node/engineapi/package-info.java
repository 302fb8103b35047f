/**
 * The Docker Engine API in front of a node: a server that answers requests about the swarm and
 * passes the rest to the engine.
 */
@NullMarked
package dev.swarm.cli.node.engineapi;

import org.jspecify.annotations.NullMarked;
