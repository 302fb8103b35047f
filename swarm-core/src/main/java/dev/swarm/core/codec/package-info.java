/** Entries and images of the log as bytes. */
@NullMarked
package dev.swarm.core.codec;

import org.jspecify.annotations.NullMarked;
