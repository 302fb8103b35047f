/** Tests of the worker as a whole. */
@NullMarked
package dev.swarm.worker;

import org.jspecify.annotations.NullMarked;
