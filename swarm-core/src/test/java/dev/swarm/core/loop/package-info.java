@NullMarked
package dev.swarm.core.loop;

import org.jspecify.annotations.NullMarked;
