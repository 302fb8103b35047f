package dev.swarm.worker.secret;

import java.nio.file.Path;

/**
 * A file of the node that a task sees.
 *
 * @param target the absolute path inside the task
 */
public record FileMount(Path source, String target) {}
