@NullMarked
package dev.swarm.core.codec;

import org.jspecify.annotations.NullMarked;
