/**
 * Routes that this program answers itself, a class for each kind of object, and the interface to
 * its node.
 */
@NullMarked
package dev.swarm.cli.node.engineapi.routes;

import org.jspecify.annotations.NullMarked;
