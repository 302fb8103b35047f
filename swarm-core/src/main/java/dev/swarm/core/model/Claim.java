package dev.swarm.core.model;

/**
 * A task's claim on one kind of a node's generic resources: either one thing with a name, or a
 * number of things without names.
 *
 * @param name empty for a number of things
 * @param count of things; 1 with a name
 */
public record Claim(String kind, String name, int count) {}
