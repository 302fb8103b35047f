@NullMarked
package dev.swarm.core.network;

import org.jspecify.annotations.NullMarked;
