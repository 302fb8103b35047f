/** How several managers are one: who votes, who leads, and how calls get to the one that does. */
@NullMarked
package dev.swarm.manager.members;

import org.jspecify.annotations.NullMarked;
