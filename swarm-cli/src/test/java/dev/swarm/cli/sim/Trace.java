package dev.swarm.cli.sim;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/** What happened, as a hash of all of it and the last notes for people to read. */
final class Trace {
  private static final int NOTES_MAX = Math.max(400, Integer.getInteger("sim.notes", 60));
  private static final long PRIME = 0x100000001b3L;

  private final ArrayDeque<Note> notes = new ArrayDeque<>();
  private long hash = 0xcbf29ce484222325L;

  private record Note(long atNanos, Supplier<String> text) {}

  /** Takes {@code value} into the hash. */
  void mix(long value) {
    hash = (hash ^ value) * PRIME;
  }

  /**
   * @param text is made only if somebody reads it; it must not change until then
   */
  void note(long atNanos, long value, Supplier<String> text) {
    mix(atNanos);
    mix(value);
    notes.add(new Note(atNanos, text));
    if (notes.size() > NOTES_MAX) {
      notes.poll();
    }
  }

  void note(long atNanos, String text) {
    note(atNanos, text.hashCode(), () -> text);
  }

  long hash() {
    return hash;
  }

  String last(int count) {
    StringBuilder out = new StringBuilder();
    notes.stream()
        .skip(Math.max(0, notes.size() - count))
        .forEach(
            note ->
                out.append(
                    String.format(
                        java.util.Locale.ROOT,
                        "%11.4f  %s%n",
                        note.atNanos / 1e9,
                        note.text.get())));
    return out.toString();
  }
}
