package dev.swarm.core.constraint;

import docker.swarmkit.v1.NodeRole;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One condition on a node, such as {@code node.labels.zone==a}. All constraints of a task must
 * hold. Values compare without regard to case; keys of labels with it.
 *
 * @param key as the user wrote it
 * @param equal whether {@code ==} was written, otherwise {@code !=}
 */
public record Constraint(String key, boolean equal, String value) {
  private static final Pattern FORM = Pattern.compile("\\s*(\\S+?)\\s*(==|!=)\\s*(.*?)\\s*");
  private static final Pattern KEY = Pattern.compile("(?i)[a-z_][a-z0-9\\-_./]*");
  private static final Pattern VALUE = Pattern.compile("(?i)[a-z0-9:\\-_.*()?+\\[\\]\\\\^$|/ ]+");
  private static final String NODE_LABELS = "node.labels.";
  private static final String ENGINE_LABELS = "engine.labels.";

  /** A constraint that could not be read; the message says what to write instead. */
  public static final class MalformedConstraintException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedConstraintException(String message) {
      super(message);
    }
  }

  public static List<Constraint> parseAll(List<String> texts) throws MalformedConstraintException {
    List<Constraint> parsed = new ArrayList<>(texts.size());
    for (String text : texts) {
      parsed.add(parse(text));
    }
    return List.copyOf(parsed);
  }

  public static Constraint parse(String text) throws MalformedConstraintException {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new MalformedConstraintException(
          "constraint '" + text + "' needs one operator, == or !=, as in node.labels.zone==a");
    }
    String key = form.group(1);
    String value = form.group(3);
    if (!KEY.matcher(key).matches()) {
      throw new MalformedConstraintException(
          "key '" + key + "' of constraint '" + text + "' is invalid");
    }
    if (!VALUE.matcher(value).matches()) {
      throw new MalformedConstraintException(
          "value '" + value + "' of constraint '" + text + "' is invalid");
    }
    Constraint constraint = new Constraint(key, form.group(2).equals("=="), value);
    if (!constraint.isKnownKey()) {
      throw new MalformedConstraintException(
          "constraint '"
              + text
              + "' has an unknown key: use node.id, node.hostname, node.ip, node.role,"
              + " node.platform.os, node.platform.arch, node.labels.NAME or engine.labels.NAME");
    }
    return constraint;
  }

  private boolean isKnownKey() {
    String lower = key.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "node.id",
          "node.hostname",
          "node.ip",
          "node.role",
          "node.platform.os",
          "node.platform.arch" ->
          true;
      default ->
          (lower.startsWith(NODE_LABELS) && key.length() > NODE_LABELS.length())
              || (lower.startsWith(ENGINE_LABELS) && key.length() > ENGINE_LABELS.length());
    };
  }

  public boolean matches(Subject node) {
    String lower = key.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "node.id" -> compare(node.idText());
      case "node.hostname" -> compare(node.hostname());
      case "node.ip" -> equal == ipMatches(node.address());
      case "node.role" -> compare(node.role() == NodeRole.MANAGER ? "manager" : "worker");
      case "node.platform.os" -> compare(node.description().getPlatform().getOs());
      case "node.platform.arch" ->
          compare(
              architecture(node.description().getPlatform().getArchitecture()),
              architecture(value));
      default ->
          lower.startsWith(NODE_LABELS)
              ? compare(node.spec().getAnnotations().getLabelsOrDefault(label(NODE_LABELS), ""))
              : compare(
                  node.description().getEngine().getLabelsOrDefault(label(ENGINE_LABELS), ""));
    };
  }

  /** As users write it. */
  public String text() {
    return key + (equal ? "==" : "!=") + value;
  }

  private String label(String prefix) {
    return key.substring(prefix.length());
  }

  private boolean compare(String actual) {
    return compare(actual, value);
  }

  private boolean compare(String actual, String wanted) {
    return equal == actual.equalsIgnoreCase(wanted);
  }

  /** Engines and users name the same processor differently. */
  public static String architecture(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "x86_64", "amd64" -> "amd64";
      case "aarch64", "arm64" -> "arm64";
      case "i386", "i686", "386" -> "386";
      default -> name.toLowerCase(Locale.ROOT);
    };
  }

  private boolean ipMatches(String address) {
    try {
      int slash = value.indexOf('/');
      byte[] actual = InetAddress.ofLiteral(address).getAddress();
      byte[] wanted =
          InetAddress.ofLiteral(slash < 0 ? value : value.substring(0, slash)).getAddress();
      int bits = slash < 0 ? wanted.length * 8 : Integer.parseInt(value.substring(slash + 1));
      return actual.length == wanted.length && samePrefix(actual, wanted, bits);
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }

  private static boolean samePrefix(byte[] a, byte[] b, int bits) {
    for (int bit = 0; bit < Math.min(bits, a.length * 8); bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((a[bit / 8] & mask) != (b[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
