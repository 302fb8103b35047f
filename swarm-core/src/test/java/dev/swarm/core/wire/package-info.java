@NullMarked
package dev.swarm.core.wire;

import org.jspecify.annotations.NullMarked;
