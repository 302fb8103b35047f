/**
 * The snapshot of the cluster, the changes it goes through, and the one function that applies them.
 */
@NullMarked
package dev.swarm.core.store;

import org.jspecify.annotations.NullMarked;
