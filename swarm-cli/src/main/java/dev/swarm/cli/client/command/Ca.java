package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.UsageError;
import dev.swarm.cli.client.render.ProgressView.Line;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code swarm ca}: shows the root certificate, or rotates it. */
final class Ca {
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final List<String> ROTATING =
      List.of("ca-cert", "ca-key", "cert-expiry", "external-ca");

  private Ca() {}

  static Command command() {
    List<Flag> flags = new ArrayList<>();
    for (Flag flag : SwarmSpecFlags.cluster()) {
      if (ROTATING.contains(flag.name())) {
        flags.add(flag.ofChange());
      }
    }
    flags.addAll(
        List.of(
            Flag.value("ca-cert", "pem-file", "Root certificate to change to"),
            Flag.value("ca-key", "pem-file", "Its private key"),
            Flag.toggle("detach", "Do not wait until all nodes have certificates of the new root")
                .or('d'),
            Flag.toggle("quiet", "Wait without showing progress").or('q'),
            Flag.toggle(
                "rotate", "Change the root; without a certificate of your own a new one is made")));
    return Command.of("ca", "", 0, 0, "Show or change the root certificate", flags, Ca::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    String certificate = flags.value("ca-cert", SwarmSpecFlags::pem).orElse("");
    String key = flags.value("ca-key", SwarmSpecFlags::pem).orElse("");
    JsonNode swarm = context.swarm();
    if (!flags.on("rotate")) {
      for (String name : ROTATING) {
        if (flags.has(name)) {
          throw UsageError.conflict("--" + name + " is for --rotate only");
        }
      }
      showRoot(context, swarm);
      return 0;
    }
    check(flags);
    SwarmUpdate.change(
        context, swarm, spec -> edit(flags, certificate, key, spec), SwarmUpdate::target);
    return flags.on("detach") ? 0 : await(context, flags.on("quiet"));
  }

  private static void check(Flags flags) {
    if (flags.has("external-ca") && !flags.has("ca-cert")) {
      throw UsageError.conflict(
          "--external-ca needs --ca-cert with the certificate that it signs with; to add one that"
              + " signs with the present root, use 'swarm update --external-ca'");
    }
    if (flags.has("ca-cert") && !flags.has("external-ca") && !flags.has("ca-key")) {
      throw UsageError.conflict("--ca-cert needs --ca-key or --external-ca as well");
    }
  }

  private static void edit(Flags flags, String certificate, String key, ObjectNode spec) {
    SwarmSpecFlags.applyCa(flags, spec, certificate);
    ObjectNode config = SwarmSpecFlags.child(spec, "CAConfig");
    if (certificate.isEmpty() && key.isEmpty()) {
      config.put("ForceRotate", config.path("ForceRotate").asLong() + 1);
    } else {
      config.put("SigningCACert", certificate).put("SigningCAKey", key);
    }
  }

  private static int await(Context context, boolean quiet) throws IOException {
    Screen.Kind kind =
        quiet
            ? Screen.Kind.SILENT
            : context.surroundings().terminal() ? Screen.Kind.TERMINAL : Screen.Kind.PLAIN;
    Screen screen = new Screen(context.out(), kind);
    try (Interrupt _ =
        Interrupt.says(context.out(), () -> "\nThe rotation goes on in the background.\n")) {
      while (true) {
        JsonNode swarm = context.swarm();
        if (look(context, screen, swarm)) {
          if (!quiet) {
            showRoot(context, swarm);
          }
          return 0;
        }
        context.surroundings().sleeper().rest(LOOK_EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private static boolean look(Context context, Screen screen, JsonNode swarm) throws IOException {
    JsonNode wanted = swarm.path("TLSInfo");
    JsonNode nodes = context.api().get(Target.of("nodes"));
    int certificates = 0;
    int roots = 0;
    for (JsonNode node : nodes) {
      JsonNode tls = node.path("Description").path("TLSInfo");
      boolean sameIssuer =
          tls.path("CertIssuerPublicKey").equals(wanted.path("CertIssuerPublicKey"))
              && tls.path("CertIssuerSubject").equals(wanted.path("CertIssuerSubject"));
      certificates += sameIssuer ? 1 : 0;
      roots += tls.path("TrustRoot").equals(wanted.path("TrustRoot")) ? 1 : 0;
    }
    int total = nodes.size();
    boolean issued = certificates == total && !swarm.path("RootRotationInProgress").asBoolean();
    screen.show(
        List.of(
            new Line(
                "rotated TLS certificates",
                certificates + "/" + total + " nodes",
                certificates,
                total),
            new Line(
                "rotated CA certificates",
                (issued ? roots : 0) + "/" + total + " nodes",
                issued ? roots : 0,
                total)));
    return issued && roots == total;
  }

  private static void showRoot(Context context, JsonNode swarm) throws IOException {
    String root = swarm.path("TLSInfo").path("TrustRoot").asText().strip();
    if (root.isEmpty()) {
      throw new IOException("no CA information available");
    }
    context.line(root);
  }
}
