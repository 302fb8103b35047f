/** Laws of the mapping between JSON and messages. */
@NullMarked
package dev.swarm.cli.daemon.engineapi.json;

import org.jspecify.annotations.NullMarked;
