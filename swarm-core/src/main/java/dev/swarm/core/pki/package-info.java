/**
 * Certificates, signing requests, join tokens and a node's identity, as values: no files, sockets
 * or clock of their own.
 */
@NullMarked
package dev.swarm.core.pki;

import org.jspecify.annotations.NullMarked;
