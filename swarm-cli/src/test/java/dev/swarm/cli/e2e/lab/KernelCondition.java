package dev.swarm.cli.e2e.lab;

import java.util.List;

/** Whether this machine has what changes a kernel's networks. */
final class KernelCondition extends HostsCondition {
  KernelCondition() {
    super(List.of("ip", "bridge", "nft", "conntrack", "sysctl", "nsenter", "unshare", "bash"));
  }
}
