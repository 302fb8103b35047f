@NullMarked
package dev.swarm.core.port;

import org.jspecify.annotations.NullMarked;
