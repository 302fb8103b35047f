@NullMarked
package dev.swarm.host;

import org.jspecify.annotations.NullMarked;
