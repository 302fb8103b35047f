/** The HTTP front against a leader in this process. */
@NullMarked
package dev.swarm.cli.node.engineapi;

import org.jspecify.annotations.NullMarked;
