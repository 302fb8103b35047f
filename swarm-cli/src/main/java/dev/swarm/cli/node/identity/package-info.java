/**
 * How a machine joins a cluster, keeps its certificate on disk and current, and reaches managers.
 */
@NullMarked
package dev.swarm.cli.node.identity;

import org.jspecify.annotations.NullMarked;
