/**
 * Client of a daemon: its API over HTTP/1.1 on a socket, and JSON. Both halves use it, so it loads
 * nothing but Jackson.
 */
@NullMarked
package dev.swarm.cli.http;

import org.jspecify.annotations.NullMarked;
