/** Requests about configs. */
@NullMarked
package dev.swarm.core.control.config;

import org.jspecify.annotations.NullMarked;
