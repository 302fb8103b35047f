@NullMarked
package dev.swarm.core.control.node;

import org.jspecify.annotations.NullMarked;
