package dev.swarm.worker.disk;

import java.io.IOException;
import java.nio.file.Path;

/** A program that removes a tree, for a test that has another user run it. */
final class ForeignTreeRemoval {
  private ForeignTreeRemoval() {}

  public static void main(String[] arguments) throws IOException {
    ForeignTree.delete(Path.of(arguments[0]));
  }
}
