package dev.swarm.cli.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;

/**
 * The record of one story: each step, each command and what it printed, in a file under {@code
 * target/e2e}; steps and figures also on the console.
 */
public final class Journal {
  private final Path file;
  private final String story;
  private final long start = System.nanoTime();

  private Journal(String story, Path file) {
    this.story = story;
    this.file = file;
  }

  /**
   * @param directory of this story; logs of its programs belong there as well
   */
  public static Journal of(String story, Path directory) {
    try {
      Files.createDirectories(directory);
      Path file = directory.resolve("story.log");
      Files.writeString(file, "");
      return new Journal(story, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Begins a part of the story. */
  public void step(String what) {
    write("\n== " + seconds(since(start)) + "  " + what + "\n");
    say("[" + story + " " + seconds(since(start)) + "] " + what);
  }

  public void ran(Output output) {
    write(seconds(since(start)) + " " + output + "\n");
  }

  /** Tells a measured time, and the time it should be within. */
  public void figure(String what, Duration measured, Duration wanted) {
    String verdict = measured.compareTo(wanted) <= 0 ? "" : "  MISSED";
    String text =
        "FIGURE %s: %s (wanted within %s)%s"
            .formatted(what, seconds(measured), seconds(wanted), verdict);
    write(text + "\n");
    say(text);
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1000.0);
  }

  @SuppressWarnings("SystemOut")
  private static void say(String text) {
    System.out.println(text);
  }

  private synchronized void write(String text) {
    try {
      Files.writeString(file, text, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
