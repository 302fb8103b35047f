/** Specs as users wrote them, parsed once into policies with every default applied. */
@NullMarked
package dev.swarm.core.spec;

import org.jspecify.annotations.NullMarked;
