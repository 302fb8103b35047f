/** Laws of a manager's adapters. */
@NullMarked
package dev.swarm.manager;

import org.jspecify.annotations.NullMarked;
