package dev.swarm.cli.client.command.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Unexpected;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.cli.http.Json;
import dev.swarm.core.net.Subnet;
import java.util.Collection;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Parsers for the values of service flags. Each throws with a reason for the user. */
public final class Syntax {
  private static final Pattern DOMAIN =
      Pattern.compile("[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,62})(?:\\.[a-zA-Z0-9_-]{1,63})*\\.?");

  private Syntax() {}

  /** {@code key=value} whose key can be a label's. */
  public static String label(String text) {
    String key = Words.pair(text).key().stripLeading();
    if (key.isEmpty()) {
      throw new Unexpected("KEY=VALUE", text);
    }
    if (key.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException("the key of a label has no spaces in it");
    }
    return text;
  }

  /** An IPv4 or IPv6 address. */
  public static String ip(String text) {
    if (!isIp(text.strip())) {
      throw new Unexpected("an IP address", text);
    }
    return text.strip();
  }

  public static boolean isIp(String text) {
    return Subnet.address(text).isPresent();
  }

  /** A domain, or a dot for none. */
  public static String dnsSearch(String text) {
    String domain = text.strip();
    if (domain.equals(".") || (domain.length() <= 255 && DOMAIN.matcher(domain).matches())) {
      return domain;
    }
    throw new Unexpected("a domain, or . for none", text);
  }

  /** {@code host:ip}, as the {@code "ip host"} line the spec has. */
  public static String extraHost(String text) {
    int split = text.indexOf('=') >= 0 ? text.indexOf('=') : text.indexOf(':');
    if (split <= 0) {
      throw new Unexpected("HOST:IP, as in db:10.0.0.7", text);
    }
    String address = text.substring(split + 1).replaceAll("^\\[|]$", "");
    if (!isIp(address)) {
      throw new Unexpected("HOST:IP, as in db:10.0.0.7", text);
    }
    return address + " " + text.substring(0, split);
  }

  /** {@code name=soft[:hard]}. */
  static ObjectNode ulimit(String text) {
    Words.Pair pair = Words.pair(text);
    if (pair.key().isEmpty() || !pair.value().matches("-?[0-9]{1,18}(:-?[0-9]{1,18})?")) {
      throw new Unexpected("NAME=SOFT[:HARD] in whole numbers, as in nofile=1024:2048", text);
    }
    int colon = pair.value().indexOf(':');
    long soft = Long.parseLong(colon < 0 ? pair.value() : pair.value().substring(0, colon));
    long hard = colon < 0 ? soft : Long.parseLong(pair.value().substring(colon + 1));
    if (hard != -1 && (soft == -1 || soft > hard)) {
      throw new IllegalArgumentException(
          "the soft limit " + soft + " is above the hard limit " + hard);
    }
    return Json.object().put("Name", pair.key()).put("Hard", hard).put("Soft", soft);
  }

  /** {@code kind=count}. */
  static ObjectNode genericResource(String text) {
    Words.Pair pair = Words.pair(text);
    if (pair.key().isBlank() || !pair.value().matches("\\d{1,18}")) {
      throw new Unexpected("KIND=COUNT, as in gpu=2", text);
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
    if (!pair.hasValue() || !pair.key().equals("spread")) {
      throw new Unexpected("spread=KEY, as in spread=node.labels.zone", text);
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
      default -> throw new Unexpected("config://NAME, file://NAME or registry://NAME", text);
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
