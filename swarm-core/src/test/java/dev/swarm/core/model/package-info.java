/** Laws of the words everything is said in. */
@NullMarked
package dev.swarm.core.model;

import org.jspecify.annotations.NullMarked;
