/**
 * Requests of operators: each is a pure decision or a query. Every kind of object has a package of
 * its own; this one holds what their rules share.
 */
@NullMarked
package dev.swarm.core.control;

import org.jspecify.annotations.NullMarked;
