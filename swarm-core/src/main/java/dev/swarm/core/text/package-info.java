/** Text from elsewhere, where people read it. */
@NullMarked
package dev.swarm.core.text;

import org.jspecify.annotations.NullMarked;
