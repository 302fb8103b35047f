/** Tests of the loop in which the cluster's state is decided. */
@org.jspecify.annotations.NullMarked
package dev.swarm.manager.loop;
