@NullMarked
package dev.swarm.core.docker;

import org.jspecify.annotations.NullMarked;
