/** A stranger on the network who means harm, against a manager on a real port. */
@NullMarked
package dev.swarm.cli.hostile;

import org.jspecify.annotations.NullMarked;
