/**
 * The engine behind the API: requests passed through to it untouched, what it says of itself, and
 * what is said where there is none.
 */
@NullMarked
package dev.swarm.cli.node.engineapi.proxy;

import org.jspecify.annotations.NullMarked;
