package dev.swarm.core.model;

/**
 * What a task holds of one kind of a node's generic resources: either a thing with a name, or a
 * number of things that have none.
 *
 * @param name empty for a number of things
 * @param count of things; 1 with a name
 */
public record Claim(String kind, String name, int count) {}
