/**
 * What nodes are told of the networks they are on, as values: who has which address, where, and how
 * that changes.
 */
@NullMarked
package dev.swarm.core.network;

import org.jspecify.annotations.NullMarked;
