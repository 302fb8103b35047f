/**
 * Joins a machine to a cluster, keeps its certificate on disk and current, and connects it to
 * managers.
 */
@NullMarked
package dev.swarm.cli.node.identity;

import org.jspecify.annotations.NullMarked;
