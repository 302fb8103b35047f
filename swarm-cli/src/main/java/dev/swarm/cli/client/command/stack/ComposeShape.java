package dev.swarm.cli.client.command.stack;

/**
 * Shape of a value in a Compose file: checks it, and brings it into the one form that the rest of
 * the program sees.
 */
interface ComposeShape {
  /**
   * The value in its one form.
   *
   * @param notes takes down what is left out
   * @throws ComposeError when it is not of this shape
   */
  Value read(Value value, Notes notes);
}
