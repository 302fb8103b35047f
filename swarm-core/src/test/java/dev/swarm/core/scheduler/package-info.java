/** Laws and stories of placing tasks. */
@NullMarked
package dev.swarm.core.scheduler;

import org.jspecify.annotations.NullMarked;
