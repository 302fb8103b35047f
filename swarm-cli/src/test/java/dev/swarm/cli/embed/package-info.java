/** How a program of one's own embeds a swarm: the example of docs/embedding.md, and its test. */
@NullMarked
package dev.swarm.cli.embed;

import org.jspecify.annotations.NullMarked;
