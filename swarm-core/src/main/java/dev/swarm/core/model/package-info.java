/** The nouns: nodes, services, tasks and what else a cluster holds, as immutable values. */
@NullMarked
package dev.swarm.core.model;

import org.jspecify.annotations.NullMarked;
