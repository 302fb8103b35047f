/**
 * The machine that managers and workers run on: its disk, its clock, its threads. Implements core's
 * ports for both of them, since neither may use the other; core itself uses nothing of it.
 */
@NullMarked
package dev.swarm.host;

import org.jspecify.annotations.NullMarked;
