/**
 * What the API answers itself, a class for each kind of object, and what it asks of its node for
 * that.
 */
@NullMarked
package dev.swarm.cli.node.engineapi.routes;

import org.jspecify.annotations.NullMarked;
