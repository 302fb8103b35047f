/** Tests of sessions, beats and assignments. */
@NullMarked
package dev.swarm.manager.dispatcher;

import org.jspecify.annotations.NullMarked;
