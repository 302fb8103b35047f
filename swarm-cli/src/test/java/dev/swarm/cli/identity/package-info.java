/** Stories of managers and workers that meet over real TLS, in one JVM. */
@NullMarked
package dev.swarm.cli.identity;

import org.jspecify.annotations.NullMarked;
