/** Secrets and configs as files for one task. */
@NullMarked
package dev.swarm.worker.secret;

import org.jspecify.annotations.NullMarked;
