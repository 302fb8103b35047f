/** Tests of {@code dev.swarm.worker.report}. */
@NullMarked
package dev.swarm.worker.report;

import org.jspecify.annotations.NullMarked;
