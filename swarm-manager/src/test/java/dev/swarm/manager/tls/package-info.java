/** Who may call what. */
@NullMarked
package dev.swarm.manager.tls;

import org.jspecify.annotations.NullMarked;
