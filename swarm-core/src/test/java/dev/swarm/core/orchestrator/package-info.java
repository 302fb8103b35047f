/** Laws and stories of keeping services as asked. */
@NullMarked
package dev.swarm.core.orchestrator;

import org.jspecify.annotations.NullMarked;
