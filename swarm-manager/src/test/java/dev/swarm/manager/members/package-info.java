/** Tests of how managers become several, and of calls on those that do not lead. */
@NullMarked
package dev.swarm.manager.members;

import org.jspecify.annotations.NullMarked;
