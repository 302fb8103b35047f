/** End-to-end tests: the built program on several hosts of one machine, beside stock engines. */
@NullMarked
package dev.swarm.cli.e2e;

import org.jspecify.annotations.NullMarked;
