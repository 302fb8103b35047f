package dev.swarm.cli.client.command.stack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.spec.Tree;
import dev.swarm.cli.client.command.stack.Value.Mapping;
import dev.swarm.cli.client.command.stack.Value.Scalar;
import dev.swarm.cli.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Builds the Engine API's requests for the networks, secrets and configs of a stack. */
public final class StackObjects {
  /** The network of services that name none. */
  static final String DEFAULT_NETWORK = "default";

  private static final int SECRET_KIBIBYTES_MAX = 500;
  private static final int CONFIG_KIBIBYTES_MAX = 1000;

  private final Project project;
  private final Stack stack;

  public StackObjects(Project project, Stack stack) {
    this.project = project;
    this.stack = stack;
  }

  /** Requests for the networks that services use and that are the stack's own. */
  public List<ObjectNode> networks() {
    List<ObjectNode> requests = new ArrayList<>();
    usedNetworks()
        .forEach(
            (name, network) -> {
              if (!network.on("external")) {
                requests.add(network(stack.resolve(name, network), network));
              }
            });
    return requests;
  }

  /** Names of the networks that services use and that must be there already. */
  public List<String> externalNetworks() {
    List<String> names = new ArrayList<>();
    usedNetworks()
        .forEach(
            (name, network) -> {
              if (network.on("external")) {
                names.add(stack.resolve(name, network));
              }
            });
    return names;
  }

  private Map<String, Mapping> usedNetworks() {
    Set<String> names = new LinkedHashSet<>();
    for (Value service : project.services().entries().values()) {
      Set<String> own = ((Mapping) service).child("networks").entries().keySet();
      names.addAll(own.isEmpty() ? Set.of(DEFAULT_NETWORK) : own);
    }
    Map<String, Mapping> used = new LinkedHashMap<>();
    Mapping declared = project.tree().child("networks");
    names.forEach(name -> used.put(name, declared.child(name)));
    return used;
  }

  private ObjectNode network(String name, Mapping network) {
    ObjectNode request = Json.object().put("Name", name).put("CheckDuplicate", true);
    request.put("Driver", network.text("driver").orElse("overlay"));
    Tree.setMap(request, "Options", network.map("driver_opts"));
    request.put("Internal", network.on("internal")).put("Attachable", network.on("attachable"));
    if (network.get("enable_ipv6").isPresent()) {
      request.put("EnableIPv6", network.on("enable_ipv6"));
    }
    stack.label(request, network.map("labels"));
    Mapping ipam = network.child("ipam");
    if (!ipam.entries().isEmpty()) {
      ObjectNode node = request.putObject("IPAM");
      ipam.text("driver").ifPresent(driver -> node.put("Driver", driver));
      Tree.setMap(node, "Options", ipam.map("options"));
      Tree.setItems(
          node, "Config", ipam.items("config").stream().map(c -> pool((Mapping) c)).toList());
    }
    return request;
  }

  private static ObjectNode pool(Mapping config) {
    ObjectNode pool = Json.object();
    config.text("subnet").ifPresent(subnet -> pool.put("Subnet", subnet));
    config.text("ip_range").ifPresent(range -> pool.put("IPRange", range));
    config.text("gateway").ifPresent(gateway -> pool.put("Gateway", gateway));
    Tree.setMap(pool, "AuxiliaryAddresses", config.map("aux_addresses"));
    return pool;
  }

  /** Requests for the secrets that are the stack's own, with their data. */
  public List<ObjectNode> secrets() throws IOException {
    return stored("secrets", SECRET_KIBIBYTES_MAX);
  }

  /** Requests for the configs that are the stack's own, with their data. */
  public List<ObjectNode> configs() throws IOException {
    return stored("configs", CONFIG_KIBIBYTES_MAX);
  }

  private List<ObjectNode> stored(String section, int kibibytesMax) throws IOException {
    List<ObjectNode> requests = new ArrayList<>();
    Mapping declared = project.tree().child(section);
    for (String name : declared.entries().keySet()) {
      Mapping object = declared.child(name);
      if (!object.on("external")) {
        requests.add(stored(stack.resolve(name, object), object, kibibytesMax));
      }
    }
    return requests;
  }

  private ObjectNode stored(String name, Mapping object, int kibibytesMax) throws IOException {
    ObjectNode spec = Json.object().put("Name", name);
    stack.label(spec, object.map("labels"));
    if (object.get("driver").isPresent()) {
      if (object.get("file").isPresent()) {
        throw object.place().error("\"driver\" and \"file\" conflict; only use \"driver\"");
      }
      ObjectNode driver = spec.putObject("Driver").put("Name", object.text("driver").orElse(""));
      Tree.setMap(driver, "Options", object.map("driver_opts"));
    } else {
      byte[] data = data(object, kibibytesMax);
      if (data.length > kibibytesMax * 1024) {
        throw object.place().error("more than " + kibibytesMax + " KiB of data");
      }
      spec.put("Data", Base64.getEncoder().encodeToString(data));
    }
    object
        .text("template_driver")
        .ifPresent(driver -> spec.putObject("Templating").put("Name", driver));
    return spec;
  }

  private byte[] data(Mapping object, int kibibytesMax) throws IOException {
    long sources =
        List.of("file", "environment", "content").stream()
            .filter(source -> object.get(source).isPresent())
            .count();
    if (sources != 1) {
      throw object
          .place()
          .error(
              "needs exactly one of \"file:\", \"environment:\", \"content:\" and"
                  + " \"external: true\"");
    }
    if (object.get("content").isPresent()) {
      return object.text("content").orElse("").getBytes(StandardCharsets.UTF_8);
    }
    if (object.get("environment").isPresent()) {
      Scalar name = object.scalar("environment").orElseThrow();
      String value = project.variables().get(name.text());
      if (value == null) {
        throw name.place().error("the environment has no variable " + name.text());
      }
      return value.getBytes(StandardCharsets.UTF_8);
    }
    return file(object.scalar("file").orElseThrow(), kibibytesMax);
  }

  private byte[] file(Scalar name, int kibibytesMax) throws IOException {
    try (InputStream in = Files.newInputStream(Path.of(name.text()))) {
      return in.readNBytes(kibibytesMax * 1024 + 1);
    } catch (NoSuchFileException e) {
      throw name.place().error("open " + e.getFile() + ": no such file or directory");
    } catch (AccessDeniedException e) {
      throw name.place().error("open " + e.getFile() + ": permission denied");
    }
  }
}
