package dev.swarm.cli.command.spec;

import java.util.List;

/** How an image is named in a spec: with the tag it means, and without Docker Hub's own prefix. */
public final class ImageName {
  private static final List<String> HUB =
      List.of("docker.io/library/", "index.docker.io/library/", "docker.io/", "index.docker.io/");
  private static final int DIGEST_HEX_LENGTH = 64;

  private ImageName() {}

  /** {@code busybox} is {@code busybox:latest}; what has a tag or a digest keeps it. */
  public static String tagged(String name) {
    if (name.isEmpty() || isDigest(name)) {
      return name;
    }
    String familiar = name;
    for (String prefix : HUB) {
      if (name.startsWith(prefix)) {
        familiar = name.substring(prefix.length());
        break;
      }
    }
    boolean exact =
        familiar.indexOf('@') >= 0 || familiar.indexOf(':', familiar.lastIndexOf('/') + 1) >= 0;
    return exact ? familiar : familiar + ":latest";
  }

  /** Whether it is an image's own digest instead of a name. */
  public static boolean isDigest(String name) {
    String hex = name.startsWith("sha256:") ? name.substring("sha256:".length()) : name;
    return hex.length() == DIGEST_HEX_LENGTH
        && hex.chars().allMatch(c -> "0123456789abcdef".indexOf(c) >= 0);
  }
}
