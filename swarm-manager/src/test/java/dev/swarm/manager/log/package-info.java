/** Tests of the replicated log, on real disks. */
@NullMarked
package dev.swarm.manager.log;

import org.jspecify.annotations.NullMarked;
