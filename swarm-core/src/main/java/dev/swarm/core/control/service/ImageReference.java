package dev.swarm.core.control.service;

import dev.swarm.core.control.Checks;
import dev.swarm.core.plan.Rejection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The spelling of image references: {@code [registry/]path[:tag][@digest]}. */
final class ImageReference {
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
  private static final Pattern BARE_ID = Pattern.compile("[a-f0-9]{64}");

  private ImageReference() {}

  static Optional<Rejection> check(String image) {
    if (image.isEmpty()) {
      return Checks.refuseIf(true, "a container needs an image");
    }
    if (image.length() > CHARS_MAX) {
      return Checks.refuseIf(
          true, "an image reference has at most %d characters".formatted(CHARS_MAX));
    }
    if (BARE_ID.matcher(image).matches()) {
      return Checks.refuseIf(
          true, "an image id is known on one machine only: name the image, as in nginx:1.27");
    }
    if (FORM.matcher(image).matches()) {
      return Checks.OK;
    }
    boolean upperCase = FORM.matcher(image.toLowerCase(Locale.ROOT)).matches();
    return Checks.refuseIf(
        true,
        "'%s' is not a valid image reference: %s"
            .formatted(
                image,
                upperCase
                    ? "its name must be lower case"
                    : "write [registry/]name[:tag][@digest], as in nginx:1.27"));
  }
}
