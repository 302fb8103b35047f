/**
 * The daemon's HTTP front: the swarm part of the Docker Engine API on unix sockets and loopback.
 */
@NullMarked
package dev.swarm.cli.daemon.engineapi;

import org.jspecify.annotations.NullMarked;
