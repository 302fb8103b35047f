/**
 * The client half of the program: sends requests to a daemon and shows the answers. Fast to start,
 * with a class path that has nothing of the other half.
 */
@NullMarked
package dev.swarm.cli.client;

import org.jspecify.annotations.NullMarked;
