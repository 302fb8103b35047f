package dev.swarm.core.control;

import dev.swarm.core.plan.Rejection;
import java.util.Optional;
import java.util.regex.Pattern;

/** Rules for the names of objects. */
public final class NameRules {
  private static final int DNS_LABEL_CHARS_MAX = 63;
  private static final int SECRET_CHARS_MAX = 64;
  private static final Pattern DNS_LABEL =
      Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?");
  private static final Pattern SECRET =
      Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9])?");
  private static final Pattern RUNTIME = Pattern.compile("[a-zA-Z0-9]{3,32}");

  private NameRules() {}

  /** Names of services and networks, which resolve in DNS. */
  public static Optional<Rejection> dnsLabel(String what, String name) {
    if (name.isEmpty()) {
      return Checks.refuseIf(true, "a " + what + " needs a name");
    }
    if (name.length() > DNS_LABEL_CHARS_MAX) {
      return Checks.refuseIf(
          true, "the name of a %s has at most %d characters".formatted(what, DNS_LABEL_CHARS_MAX));
    }
    return Checks.refuseIf(
        !DNS_LABEL.matcher(name).matches(),
        ("'%s' cannot name a %s: use letters, digits, - and _,"
                + " and begin and end with a letter or digit")
            .formatted(name, what));
  }

  /** Names of secrets and configs, which become file names. */
  public static Optional<Rejection> fileName(String what, String name) {
    if (name.isEmpty()) {
      return Checks.refuseIf(true, "a " + what + " needs a name");
    }
    return Checks.refuseIf(
        name.length() > SECRET_CHARS_MAX || !SECRET.matcher(name).matches(),
        ("'%s' cannot name a %s: use at most %d letters, digits, -, _ and .,"
                + " and begin and end with a letter or digit")
            .formatted(name, what, SECRET_CHARS_MAX));
  }

  /** Kinds of generic runtimes. */
  public static Optional<Rejection> runtime(String kind) {
    if (kind.equalsIgnoreCase("container") || kind.equalsIgnoreCase("attachment")) {
      return Checks.refuseIf(
          true, "'" + kind + "' is reserved: a generic runtime needs another name");
    }
    return Checks.refuseIf(
        !RUNTIME.matcher(kind).matches(),
        "'" + kind + "' cannot name a runtime: use 3 to 32 letters and digits");
  }
}
