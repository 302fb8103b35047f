@NullMarked
package dev.swarm.worker.network;

import org.jspecify.annotations.NullMarked;
