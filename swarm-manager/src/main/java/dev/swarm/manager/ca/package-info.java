/** Issues certificates to nodes. */
@NullMarked
package dev.swarm.manager.ca;

import org.jspecify.annotations.NullMarked;
