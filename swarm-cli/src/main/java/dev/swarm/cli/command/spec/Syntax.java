package dev.swarm.cli.command.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.Json;
import dev.swarm.cli.command.flag.Numbers;
import dev.swarm.cli.command.flag.Words;
import java.util.Collection;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The small languages of service flags. Every reader throws with a reason for the user. */
public final class Syntax {
  private static final Pattern DOMAIN =
      Pattern.compile("[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,62})(?:\\.[a-zA-Z0-9_-]{1,63})*\\.?");
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*(?:%\\w+)?");

  private Syntax() {}

  /** {@code key=value} whose key can be a label's. */
  public static String label(String text) {
    String key = Words.pair(text).key().stripLeading();
    if (key.isEmpty()) {
      throw new IllegalArgumentException("invalid label '" + text + "': empty name");
    }
    if (key.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException("label '" + key + "' contains whitespaces");
    }
    return text;
  }

  /** An IPv4 or IPv6 address. */
  public static String ip(String text) {
    if (!isIp(text.strip())) {
      throw new IllegalArgumentException(text + " is not an ip address");
    }
    return text.strip();
  }

  public static boolean isIp(String text) {
    return IPV4.matcher(text).matches() || IPV6.matcher(text).matches();
  }

  /** A domain, or a dot for none. */
  public static String dnsSearch(String text) {
    String domain = text.strip();
    if (domain.equals(".") || (domain.length() <= 255 && DOMAIN.matcher(domain).matches())) {
      return domain;
    }
    throw new IllegalArgumentException(text + " is not a valid domain");
  }

  /** {@code host:ip}, as the {@code "ip host"} line the spec has. */
  public static String extraHost(String text) {
    int split = text.indexOf('=') >= 0 ? text.indexOf('=') : text.indexOf(':');
    if (split <= 0) {
      throw new IllegalArgumentException("bad format for add-host: \"" + text + "\"");
    }
    String address = text.substring(split + 1).replaceAll("^\\[|]$", "");
    if (!isIp(address)) {
      throw new IllegalArgumentException("invalid IP address in add-host: \"" + address + "\"");
    }
    return address + " " + text.substring(0, split);
  }

  /** {@code name=soft[:hard]}. */
  static ObjectNode ulimit(String text) {
    Words.Pair pair = Words.pair(text);
    if (!pair.hasValue() || pair.key().isEmpty()) {
      throw new IllegalArgumentException("invalid ulimit argument: " + text);
    }
    int colon = pair.value().indexOf(':');
    long soft = Numbers.signed(colon < 0 ? pair.value() : pair.value().substring(0, colon));
    long hard = colon < 0 ? soft : Numbers.signed(pair.value().substring(colon + 1));
    if (hard != -1 && (soft == -1 || soft > hard)) {
      throw new IllegalArgumentException(
          "ulimit soft limit must be less than or equal to hard limit: " + soft + " > " + hard);
    }
    return Json.object().put("Name", pair.key()).put("Hard", hard).put("Soft", soft);
  }

  /** {@code kind=count}. */
  static ObjectNode genericResource(String text) {
    Words.Pair pair = Words.pair(text);
    if (pair.key().isBlank() || !pair.value().matches("\\d{1,18}")) {
      throw new IllegalArgumentException(
          "invalid generic-resource specification `" + text + "`: use kind=count, as in gpu=2");
    }
    ObjectNode resource = Json.object();
    resource
        .putObject("DiscreteResourceSpec")
        .put("Kind", pair.key())
        .put("Value", Long.parseLong(pair.value()));
    return resource;
  }

  /** {@code spread=descriptor}. */
  static ObjectNode placementPreference(String text) {
    Words.Pair pair = Words.pair(text);
    if (!pair.hasValue() || pair.key().isEmpty()) {
      throw new IllegalArgumentException(
          "placement preference must be of the format \"<strategy>=<arg>\"");
    }
    if (!pair.key().equals("spread")) {
      throw new IllegalArgumentException(
          "unsupported placement preference " + pair.key() + " (only spread is supported)");
    }
    ObjectNode preference = Json.object();
    preference.putObject("Spread").put("SpreadDescriptor", pair.value());
    return preference;
  }

  /** A Windows credential spec; empty text makes an empty one, which takes it away. */
  static ObjectNode credentialSpec(String text) {
    ObjectNode spec = Json.object();
    if (text.isEmpty()) {
      return spec;
    }
    int scheme = text.indexOf("://");
    String value = scheme < 0 ? "" : text.substring(scheme + 3);
    return switch (scheme < 0 ? "" : text.substring(0, scheme)) {
      case "config" -> spec.put("Config", value);
      case "file" -> spec.put("File", value);
      case "registry" -> spec.put("Registry", value);
      default ->
          throw new IllegalArgumentException(
              "invalid credential spec: value must be prefixed with \"config://\", \"file://\","
                  + " or \"registry://\"");
    };
  }

  /** Capabilities in their full names, sorted, each once. */
  public static NavigableSet<String> capabilities(Collection<String> names) {
    NavigableSet<String> capabilities = new TreeSet<>();
    for (String name : names) {
      String upper = name.strip().toUpperCase(Locale.ROOT);
      boolean whole = upper.equals("ALL") || upper.equals("RESET") || upper.startsWith("CAP_");
      capabilities.add(whole ? upper : "CAP_" + upper);
    }
    return capabilities;
  }
}
