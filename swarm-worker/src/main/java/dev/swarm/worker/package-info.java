/** The agent of a node, embeddable: takes assignments from a manager and runs them on an engine. */
@NullMarked
package dev.swarm.worker;

import org.jspecify.annotations.NullMarked;
