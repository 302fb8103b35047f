/** Pure text: tables, Go-style templates, human units and inspect pages. */
@NullMarked
package dev.swarm.cli.render;

import org.jspecify.annotations.NullMarked;
