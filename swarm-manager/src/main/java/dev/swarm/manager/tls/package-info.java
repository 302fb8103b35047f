/** The one port of a manager: its TLS, who calls, and what each caller may do. */
@NullMarked
package dev.swarm.manager.tls;

import org.jspecify.annotations.NullMarked;
