/** What operators may ask of the cluster: every control request as a pure decision or a query. */
@NullMarked
package dev.swarm.core.control;

import org.jspecify.annotations.NullMarked;
