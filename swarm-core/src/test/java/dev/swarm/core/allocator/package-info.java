/** Laws and stories of what is given out. */
@NullMarked
package dev.swarm.core.allocator;

import org.jspecify.annotations.NullMarked;
