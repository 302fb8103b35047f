/** Tests of joining and renewing. */
@NullMarked
package dev.swarm.manager.ca;

import org.jspecify.annotations.NullMarked;
