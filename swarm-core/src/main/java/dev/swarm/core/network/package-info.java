/**
 * Networks as nodes know them, as values: which addresses there are, on which nodes, and how that
 * changes.
 */
@NullMarked
package dev.swarm.core.network;

import org.jspecify.annotations.NullMarked;
