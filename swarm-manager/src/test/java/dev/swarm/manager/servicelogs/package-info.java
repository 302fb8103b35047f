/** Stories of log streams, on a loop that runs only when told to. */
@NullMarked
package dev.swarm.manager.servicelogs;

import org.jspecify.annotations.NullMarked;
