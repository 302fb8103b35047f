@NullMarked
package dev.swarm.core.kernel;

import org.jspecify.annotations.NullMarked;
