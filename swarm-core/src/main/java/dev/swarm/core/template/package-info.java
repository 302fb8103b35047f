/**
 * The part of Go's template language that swarm mode's users meet: in output formats, and in a
 * container's hostname, environment, mounts and templated secrets and configs. Values are plain
 * ones: strings, {@link java.lang.Long}, {@link java.math.BigDecimal}, booleans, lists, maps with
 * string keys and {@link dev.swarm.core.template.Nothing}.
 */
@NullMarked
package dev.swarm.core.template;

import org.jspecify.annotations.NullMarked;
