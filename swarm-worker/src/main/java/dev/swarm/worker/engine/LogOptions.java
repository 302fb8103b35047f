package dev.swarm.worker.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * Selects a part of a log.
 *
 * @param tail only the last so many lines; negative means all
 * @param since only what was logged at that time or later
 */
public record LogOptions(
    boolean stdout, boolean stderr, boolean follow, long tail, Optional<Instant> since) {}
