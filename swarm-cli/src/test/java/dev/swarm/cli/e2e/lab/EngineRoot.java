package dev.swarm.cli.e2e.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * A file tree with another engine than this machine's own, made of Debian's packages and kept as
 * long as the build's other results. Needs mmdebstrap.
 */
enum EngineRoot {
  /** Docker's newest. */
  DOCKER("sid", "docker.io,docker-cli"),
  PODMAN("trixie", "podman,runc,aardvark-dns");

  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String TOOLS = ",iptables,nftables,iproute2,procps";

  /**
   * Runs a program in a root: what is under /proc, /sys, /dev, /run and /tmp is the host's. Not by
   * chroot, which a program that enters one of its containers would find its way out of.
   */
  private static final String ENTER =
      """
      root=$1; shift
      mount --bind "$root" "$root" && cd "$root" || exit 1
      for dir in proc sys dev run tmp; do mount --rbind /$dir $dir || exit 1; done
      mount --bind /etc/resolv.conf etc/resolv.conf || exit 1
      pivot_root . mnt && cd / && umount -l /mnt && exec "$@"
      """;

  private final String suite;
  private final String packages;

  EngineRoot(String suite, String packages) {
    this.suite = suite;
    this.packages = packages;
  }

  /** The words that run {@code command} in this root, on the host where they are run. */
  List<String> inside(List<String> command) {
    List<String> words =
        new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private", "sh", "-c"));
    words.addAll(List.of(ENTER, "root", path().toString()));
    words.addAll(command);
    return words;
  }

  /** Makes it if it is not there yet; a machine that cannot skips the test, but not in CI. */
  synchronized Path path() {
    Path records = Path.of(System.getProperty("swarm.e2e.records", "target/e2e"));
    Path roots = records.toAbsolutePath().resolveSibling("e2e-roots");
    Path root = roots.resolve(name());
    if (Files.isDirectory(root)) {
      return root;
    }
    Path unfinished = roots.resolve(name() + ".unfinished");
    Programs.run(List.of("rm", "-rf", unfinished.toString())).ok();
    Programs.run(List.of("mkdir", "-p", roots.toString())).ok();
    Output made = Programs.run(make(unfinished), Map.of(), LIMIT);
    if (!made.succeeded() && !Boolean.parseBoolean(System.getenv("CI"))) {
      Assumptions.abort("no root for " + this + " can be made: " + made);
    }
    made.ok();
    Programs.run(List.of("touch", unfinished.resolve("etc/resolv.conf").toString())).ok();
    Programs.run(List.of("mv", unfinished.toString(), root.toString())).ok();
    return root;
  }

  private List<String> make(Path root) {
    return List.of(
        "mmdebstrap",
        "--quiet",
        "--variant=minbase",
        "--include=" + packages + TOOLS,
        "--keyring=/usr/share/keyrings/debian-archive-keyring.gpg",
        "--aptopt=Apt::Install-Recommends \"false\"",
        "--aptopt=Acquire::Check-Valid-Until \"false\"",
        suite,
        root.toString());
  }
}
