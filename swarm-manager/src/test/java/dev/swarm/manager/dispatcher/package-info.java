/** What agents are told. */
@NullMarked
package dev.swarm.manager.dispatcher;

import org.jspecify.annotations.NullMarked;
