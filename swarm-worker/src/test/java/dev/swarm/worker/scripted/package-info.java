/**
 * An engine, a manager and a disk that do what a test tells them, for the tests of one worker in
 * virtual time. The simulator of whole clusters is in swarm-cli.
 */
@NullMarked
package dev.swarm.worker.scripted;

import org.jspecify.annotations.NullMarked;
