/**
 * The engine behind the API: requests are passed through to it untouched; here are its facts, and
 * the answers where there is none.
 */
@NullMarked
package dev.swarm.cli.node.engineapi.proxy;

import org.jspecify.annotations.NullMarked;
