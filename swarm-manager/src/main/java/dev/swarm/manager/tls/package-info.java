/** The one port of a manager: its TLS, the identity of callers, and the rights of each. */
@NullMarked
package dev.swarm.manager.tls;

import org.jspecify.annotations.NullMarked;
