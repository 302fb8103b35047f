/**
 * The lab of the end-to-end tests: hosts in network namespaces, stock engines and our daemons on
 * them, what they are told and what they answer.
 */
@NullMarked
package dev.swarm.cli.e2e.lab;

import org.jspecify.annotations.NullMarked;
