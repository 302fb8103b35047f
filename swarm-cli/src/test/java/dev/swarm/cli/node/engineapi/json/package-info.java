/** Laws of the mapping between JSON and messages. */
@NullMarked
package dev.swarm.cli.node.engineapi.json;

import org.jspecify.annotations.NullMarked;
