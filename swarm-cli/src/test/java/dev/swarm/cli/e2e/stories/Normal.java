package dev.swarm.cli.e2e.stories;

import dev.swarm.cli.e2e.lab.Host;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Output without what must differ between two swarms: ids, times, tokens, addresses, names. */
final class Normal {
  private static final Map<String, String> PATTERNS = new LinkedHashMap<>();
  private static final Pattern ENVIRONMENT = Pattern.compile("\"Env\":\\[([^\\]]*)\\]");

  static {
    PATTERNS.put("(?s)-----BEGIN [A-Z ]+-----.*?-----END [A-Z ]+-----", "PEM");
    PATTERNS.put("SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}", "TOKEN");
    PATTERNS.put("\\b[0-9a-f]{64}\\b", "HASH");
    PATTERNS.put("\\b[0-9a-z]{25}\\b", "ID");
    PATTERNS.put("\\b[0-9a-z]{12}\\b", "ID"); // and every word of twelve letters, on both sides
    PATTERNS.put(
        "\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d[.0-9]*( ?\\+0000)?( ?UTC)?Z?", "TIME");
    PATTERNS.put("(Less than a|About a|\\d+) (second|minute)s?( ago)?", "AGO");
    PATTERNS.put("unix:///\\S+\\.sock", "SOCKET");
    PATTERNS.put("\\bsh: \\d+: ", "");
    PATTERNS.put(" {2,}", "  ");
    PATTERNS.put("(?m)[ \t]+$", "");
  }

  private Normal() {}

  static String form(String output, Host host) {
    String text = output.replace(host.address(), "ADDR");
    for (Map.Entry<String, String> pattern : PATTERNS.entrySet()) {
      text = text.replaceAll(pattern.getKey(), pattern.getValue());
    }
    return sorted(text.replaceAll("\\b" + host.name() + "\\b", "HOST"));
  }

  /** Docker's client sends a changed environment in another order every time. */
  private static String sorted(String text) {
    return ENVIRONMENT
        .matcher(text)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    Arrays.stream(found.group(1).split(",", -1))
                        .sorted()
                        .collect(Collectors.joining(",", "\"Env\":[", "]"))));
  }
}
