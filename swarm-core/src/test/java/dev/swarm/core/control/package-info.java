/** Control requests against snapshots made by commits only. */
@NullMarked
package dev.swarm.core.control;

import org.jspecify.annotations.NullMarked;
