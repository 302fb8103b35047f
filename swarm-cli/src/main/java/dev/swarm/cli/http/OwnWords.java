package dev.swarm.cli.http;

import java.util.regex.Pattern;

/** Replaces docker's commands in the daemon's sentences by this program's. */
public final class OwnWords {
  private static final Pattern SWARM = Pattern.compile("\\bdocker swarm (?=[a-z])");
  private static final Pattern OTHERS =
      Pattern.compile(
          "\\bdocker (info|version|(?:node|service|stack|secret|config) [a-z]+"
              + "|network (?:create|inspect|ls|prune|rm))\\b");

  private OwnWords() {}

  /** {@code docker swarm leave} becomes {@code swarm leave}; what only docker has stays. */
  public static String of(String sentence) {
    return sentence.contains("docker ")
        ? OTHERS.matcher(SWARM.matcher(sentence).replaceAll("swarm ")).replaceAll("swarm $1")
        : sentence;
  }
}
