/**
 * What operators may ask of the cluster: every control request is a pure decision or a query. Each
 * kind of object has a package of its own; here is what their rules are made of.
 */
@NullMarked
package dev.swarm.core.control;

import org.jspecify.annotations.NullMarked;
