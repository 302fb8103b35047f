/** Tests of the program as a whole. */
@NullMarked
package dev.swarm.cli;

import org.jspecify.annotations.NullMarked;
