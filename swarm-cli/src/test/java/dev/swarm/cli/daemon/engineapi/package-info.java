/** The HTTP front against a leader in this process. */
@NullMarked
package dev.swarm.cli.daemon.engineapi;

import org.jspecify.annotations.NullMarked;
