package dev.swarm.core.template;

/** Values that stand for the absence of one. */
public enum Nothing {
  /** What a template asked for is not there; prints as nothing. */
  ABSENT,
  /** Go's nil. */
  NIL
}
