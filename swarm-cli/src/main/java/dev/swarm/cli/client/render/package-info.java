/** Pure text: tables, Go-style templates, human units and inspect pages. */
@NullMarked
package dev.swarm.cli.client.render;

import org.jspecify.annotations.NullMarked;
