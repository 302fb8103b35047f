/** Requests about networks, and about attaching containers that users run themselves. */
@NullMarked
package dev.swarm.core.control.network;

import org.jspecify.annotations.NullMarked;
