package dev.swarm.cli.client.command.stack;

/** What a value may be, and the one form in which the rest of the program sees it. */
interface Shape {
  /**
   * The value in its one form.
   *
   * @param notes takes down what is left out
   * @throws ComposeError when it is not of this shape
   */
  Value read(Value value, Notes notes);
}
