/** Requests about tasks: how they are found, named and shown. */
@NullMarked
package dev.swarm.core.control.task;

import org.jspecify.annotations.NullMarked;
