/** Reports of task statuses to the manager, batched and repeated until they arrived. */
@NullMarked
package dev.swarm.worker.report;

import org.jspecify.annotations.NullMarked;
