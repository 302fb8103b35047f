package dev.swarm.core.template;

/** Values that are none. */
public enum Nothing {
  /** What a template asked for is not there; prints as nothing. */
  ABSENT,
  /** Go's nil. */
  NIL
}
