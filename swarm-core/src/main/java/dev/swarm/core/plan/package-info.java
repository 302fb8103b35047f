/** What a decision returns: commands, a time to look again, and reasons. */
@NullMarked
package dev.swarm.core.plan;

import org.jspecify.annotations.NullMarked;
