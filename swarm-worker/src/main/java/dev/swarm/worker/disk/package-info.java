/** Files and directories of a node: durable named values, and trees that tasks wrote. */
@NullMarked
package dev.swarm.worker.disk;

import org.jspecify.annotations.NullMarked;
