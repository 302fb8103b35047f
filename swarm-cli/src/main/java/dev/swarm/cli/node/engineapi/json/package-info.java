/**
 * The Docker Engine API's JSON and the swarm's messages, each pair described once and mapped both
 * ways.
 */
@NullMarked
package dev.swarm.cli.node.engineapi.json;

import org.jspecify.annotations.NullMarked;
