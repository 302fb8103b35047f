/**
 * The plumbing of the Engine API: requests and replies, routes as such, errors, and the parts of a
 * request that every route reads in the same way.
 */
@NullMarked
package dev.swarm.cli.node.engineapi.http;

import org.jspecify.annotations.NullMarked;
