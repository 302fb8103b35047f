package dev.swarm.core.docker;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of an image, taken apart: {@code registry/path:tag@digest}.
 *
 * @param registry host and perhaps port, as written; empty where none was, which is Docker Hub
 * @param path within the registry, as written
 */
public record ImageReference(
    String registry, String path, Optional<String> tag, Optional<String> digest) {
  private static final int CHARS_MAX = 600;
  private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
  private static final String REGISTRY =
      "(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?";
  private static final String PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
  private static final String TAG = "\\w[\\w.-]{0,127}";
  private static final String DIGEST =
      "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
  private static final Pattern FORM =
      Pattern.compile(
          "(?:%s/)?%s(?:/%s)*(?::%s)?(?:@%s)?".formatted(REGISTRY, PART, PART, TAG, DIGEST));

  private static final String LATEST = "latest";
  private static final String LIBRARY = "library/";
  private static final String SHA256 = "sha256:";
  private static final int DIGEST_HEX_LENGTH = 64;

  /** Reads any text; what is no image's name comes out as it went in. */
  public static ImageReference parse(String text) {
    int at = text.indexOf('@');
    Optional<String> digest = at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1));
    String named = at < 0 ? text : text.substring(0, at);
    int colon = named.lastIndexOf(':');
    boolean tagged = colon > named.lastIndexOf('/');
    Optional<String> tag = tagged ? Optional.of(named.substring(colon + 1)) : Optional.empty();
    String name = tagged ? named.substring(0, colon) : named;
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    return isHost(first)
        ? new ImageReference(first, name.substring(slash + 1), tag, digest)
        : new ImageReference("", name, tag, digest);
  }

  /** What is wrong with {@code text} as the image of a container, in a sentence, if anything. */
  public static Optional<String> flaw(String text) {
    if (text.isEmpty()) {
      return Optional.of("a container needs an image");
    }
    if (text.length() > CHARS_MAX) {
      return Optional.of("an image reference has at most %d characters".formatted(CHARS_MAX));
    }
    if (text.length() == DIGEST_HEX_LENGTH && isId(text)) {
      return Optional.of(
          "an image id is known on one machine only: name the image, as in nginx:1.27");
    }
    if (FORM.matcher(text).matches()) {
      return Optional.empty();
    }
    boolean upperCase = FORM.matcher(text.toLowerCase(Locale.ROOT)).matches();
    return Optional.of(
        "'%s' is not a valid image reference: %s"
            .formatted(
                text,
                upperCase
                    ? "its name must be lower case"
                    : "write [registry/]name[:tag][@digest], as in nginx:1.27"));
  }

  private static boolean isHost(String first) {
    return first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
  }

  /**
   * As a spec names it: {@code docker.io/library/busybox} is {@code busybox:latest}. What is no
   * name, but an image's own digest or nothing, stays.
   */
  public static String normalized(String text) {
    return text.isEmpty() || isId(text) ? text : parse(text).familiar().tagged().toString();
  }

  /** Whether {@code text} is an image's own digest instead of a name. */
  public static boolean isId(String text) {
    String hex = text.startsWith(SHA256) ? text.substring(SHA256.length()) : text;
    return hex.length() == DIGEST_HEX_LENGTH
        && hex.chars().allMatch(c -> "0123456789abcdef".indexOf(c) >= 0);
  }

  /** Whether it is Docker Hub's, said or not. */
  public boolean isOnHub() {
    return registry.isEmpty() || registry.equals("docker.io") || registry.equals("index.docker.io");
  }

  /** Registry and path. */
  public String name() {
    return registry.isEmpty() ? path : registry + "/" + path;
  }

  /** What names the content most exactly: the digest, else the tag, else the tag that is meant. */
  public String version() {
    return digest.or(() -> tag).orElse(LATEST);
  }

  /** Without the registry and namespace that go without saying. */
  public ImageReference familiar() {
    if (!isOnHub()) {
      return this;
    }
    String bare = path.startsWith(LIBRARY) ? path.substring(LIBRARY.length()) : path;
    return new ImageReference("", bare.indexOf('/') < 0 ? bare : path, tag, digest);
  }

  /** With the tag that is meant where neither tag nor digest is given. */
  public ImageReference tagged() {
    return tag.isPresent() || digest.isPresent()
        ? this
        : new ImageReference(registry, path, Optional.of(LATEST), digest);
  }

  /** Without the digest where there is a tag. */
  public ImageReference shortened() {
    return tag.isPresent() ? new ImageReference(registry, path, tag, Optional.empty()) : this;
  }

  @Override
  public String toString() {
    return name() + tag.map(t -> ":" + t).orElse("") + digest.map(d -> "@" + d).orElse("");
  }
}
