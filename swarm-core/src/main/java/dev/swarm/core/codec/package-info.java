/** Encodes log entries and snapshot images as bytes. */
@NullMarked
package dev.swarm.core.codec;

import org.jspecify.annotations.NullMarked;
