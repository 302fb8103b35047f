/** Renders the templates in a task's spec, secrets and configs before an engine sees them. */
@NullMarked
package dev.swarm.worker.template;

import org.jspecify.annotations.NullMarked;
