/** Requests about networks, and places on them for containers that users run themselves. */
@NullMarked
package dev.swarm.core.control.network;

import org.jspecify.annotations.NullMarked;
