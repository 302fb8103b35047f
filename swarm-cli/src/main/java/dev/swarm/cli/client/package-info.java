/**
 * The half of the program that asks a daemon and shows what it says: fast to start, with a class
 * path that has nothing of the other half.
 */
@NullMarked
package dev.swarm.cli.client;

import org.jspecify.annotations.NullMarked;
