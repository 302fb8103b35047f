package dev.swarm.core.port;

/** Draws identifiers: 25 characters of base 36, never the same twice. Safe for use by many threads. */
@FunctionalInterface
public interface IdSource {
  String next();
}
