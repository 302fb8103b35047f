package dev.swarm.worker.network;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.swarm.core.kernel.KernelNames;
import dev.swarm.core.kernel.KernelState;
import dev.swarm.core.kernel.Namespace;
import dev.swarm.core.kernel.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads what a kernel holds for a node's networks. Four short programs for each namespace. */
public final class KernelReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OF_A_NAMESPACE =
      "address show\nneighbour show nud permanent\nroute show table all\nrule show\n";
  private static final int ANSWERS = 4;
  private static final String ABSENT = "No such file or directory";
  private static final String NO_DEVICE = "does not exist";

  private final KernelPrograms programs;

  public KernelReader(KernelPrograms programs) {
    this.programs = programs;
  }

  /**
   * What is there in the node's own namespace and in those whose names begin with {@code prefix}.
   * One that has a name and cannot be entered, as a crash may leave it, is deleted.
   */
  public KernelState read(String prefix) throws KernelException {
    SortedMap<String, Namespace.Builder> read = new TreeMap<>();
    SortedMap<String, Devices> devices = new TreeMap<>();
    for (String name : names(prefix)) {
      Namespace.Builder into = new Namespace.Builder();
      if (isEnterable(name)) {
        devices.put(name, namespace(name, into));
        read.put(name, into);
      } else {
        must(programs.run(List.of("ip", "netns", "delete", name), ""), "ip netns delete");
      }
    }
    Namespace.Builder host = new Namespace.Builder();
    devices.put(KernelState.HOST, host(host));
    read.put(KernelState.HOST, host);
    Uplinks.match(devices, read);
    SortedMap<String, Namespace> namespaces = new TreeMap<>();
    read.forEach((name, builder) -> namespaces.put(name, builder.build()));
    return new KernelState(namespaces);
  }

  private SortedSet<String> names(String prefix) throws KernelException {
    SortedSet<String> names = new TreeSet<>();
    for (JsonNode answer : answers(ok(List.of("ip", "-j", "netns", "list"), ""))) {
      for (JsonNode one : answer) {
        String name = one.path("name").asText();
        if (name.startsWith(prefix)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private boolean isEnterable(String name) throws KernelException {
    return programs.run(Inside.of(name, "true"), "").succeeded();
  }

  private Devices namespace(String name, Namespace.Builder into) throws KernelException {
    Ran ran = ok(List.of("ip", "-n", name, "-j", "-d", "-batch", "-"), OF_A_NAMESPACE);
    List<JsonNode> answers = answers(ran);
    if (answers.size() != ANSWERS) {
      throw new KernelException("ip gave " + answers.size() + " answers to " + ANSWERS);
    }
    Devices devices = Devices.read(answers.get(0), into);
    Rows.neighbours(answers.get(1), into);
    Rows.routes(answers.get(2), into);
    Rows.rules(answers.get(3), into);
    Ran bridge = ok(List.of("bridge", "-n", name, "-j", "fdb", "show"), "");
    answers(bridge).forEach(rows -> Rows.bridge(rows, into));
    settings(name, Settings.read(false), into);
    tables(name, into);
    return devices;
  }

  private Devices host(Namespace.Builder into) throws KernelException {
    Ran ran =
        programs.run(
            List.of("ip", "-j", "-d", "address", "show", "dev", KernelNames.HOST_UPLINK), "");
    settings(KernelState.HOST, Settings.read(true), into);
    tables(KernelState.HOST, into);
    if (!ran.succeeded() && ran.message().contains(NO_DEVICE)) {
      return Devices.NONE;
    }
    List<JsonNode> answers = answers(must(ran, "ip address show"));
    return answers.isEmpty() ? Devices.NONE : Devices.read(answers.get(0), into);
  }

  private void settings(String name, List<String> keys, Namespace.Builder into)
      throws KernelException {
    List<String> words = new ArrayList<>(List.of("sysctl", "-e"));
    words.addAll(keys);
    Ran ran = ok(Inside.of(name, words.toArray(String[]::new)), "");
    for (String line : ran.out().split("\n", -1)) {
      int equals = line.indexOf(" = ");
      if (equals > 0) {
        into.settings.put(line.substring(0, equals), line.substring(equals + 3).strip());
      }
    }
  }

  private void tables(String name, Namespace.Builder into) throws KernelException {
    Ran ran =
        programs.run(Inside.of(name, "nft", "-j", "list", "table", "ip", KernelNames.TABLE), "");
    if (!ran.succeeded() && ran.message().contains(ABSENT)) {
      return;
    }
    for (JsonNode answer : answers(must(ran, "nft list table"))) {
      into.tables.put(KernelNames.TABLE, NftListing.read(answer.path("nftables")));
    }
  }

  private Ran ok(List<String> command, String input) throws KernelException {
    return must(programs.run(command, input), String.join(" ", command));
  }

  private static Ran must(Ran ran, String what) throws KernelException {
    if (!ran.succeeded()) {
      throw new KernelException(what + " failed with code " + ran.code() + ": " + ran.message());
    }
    return ran;
  }

  private static List<JsonNode> answers(Ran ran) throws KernelException {
    List<JsonNode> answers = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(ran.out())) {
      while (parser.nextToken() != null) {
        answers.add(parser.readValueAsTree());
      }
      return answers;
    } catch (IOException e) {
      throw new KernelException("a program's answer is not JSON: " + e.getMessage());
    }
  }
}
