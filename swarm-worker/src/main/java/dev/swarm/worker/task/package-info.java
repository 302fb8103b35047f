/** The life of one task on this node: a pure step, a runner that takes it, and records on disk. */
@NullMarked
package dev.swarm.worker.task;

import org.jspecify.annotations.NullMarked;
