/**
 * Task logs on their way from agents, which are asked for them, to clients. Held in memory only.
 */
@NullMarked
package dev.swarm.manager.servicelogs;

import org.jspecify.annotations.NullMarked;
