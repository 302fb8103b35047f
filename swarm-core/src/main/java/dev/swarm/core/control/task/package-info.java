/** Requests about tasks: finding, naming, showing and removing them. */
@NullMarked
package dev.swarm.core.control.task;

import org.jspecify.annotations.NullMarked;
