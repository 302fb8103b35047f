/**
 * The end-to-end tests: stories of the packaged program, stock engines and stock clients on the
 * hosts of the lab.
 */
@NullMarked
package dev.swarm.cli.e2e.stories;

import org.jspecify.annotations.NullMarked;
