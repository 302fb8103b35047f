package dev.swarm.worker.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CgroupMountsTest {
  private static final String V2 =
      "30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate";
  private static final String UNIFIED =
      "31 24 0:27 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw";
  private static final String PIDS =
      "32 24 0:28 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids";
  private static final String CPU =
      "33 24 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct";
  private static final String FREEZER =
      "34 24 0:30 / /sys/fs/cgroup/freezer rw,relatime - cgroup cgroup rw,freezer";
  private static final String OTHER = "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw";

  private static List<Path> paths(String... paths) {
    return List.of(paths).stream().map(Path::of).toList();
  }

  @Test
  void versionTwoAlone() {
    assertEquals(paths("/sys/fs/cgroup"), CgroupMounts.hierarchies(List.of(OTHER, V2), List.of()));
  }

  @Test
  void versionOneAloneWithAFreezerFirst() {
    assertEquals(
        paths("/sys/fs/cgroup/freezer", "/sys/fs/cgroup/pids", "/sys/fs/cgroup/cpu,cpuacct"),
        CgroupMounts.hierarchies(List.of(OTHER, CPU, PIDS, FREEZER), List.of()));
  }

  @Test
  void versionTwoFirstWhereThereAreBoth() {
    assertEquals(
        paths("/sys/fs/cgroup/unified", "/sys/fs/cgroup/pids"),
        CgroupMounts.hierarchies(List.of(PIDS, UNIFIED), List.of()));
  }

  @Test
  void whoIsNotRootBeginsAtItsOwnGroup() {
    List<String> own =
        List.of("8:pids:/user/1000", "0::/user.slice/user-1000.slice/user@1000.service/app");
    assertEquals(
        paths(
            "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app",
            "/sys/fs/cgroup/pids/user/1000"),
        CgroupMounts.hierarchies(List.of(V2, PIDS), own));
  }

  @Test
  void aContainerSeesAPart() {
    String part = "30 24 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup2 rw";
    assertEquals(
        paths("/sys/fs/cgroup/below"),
        CgroupMounts.hierarchies(List.of(part), List.of("0::/docker/abc/below")));
  }

  @Test
  void noneAtAll() {
    assertEquals(List.of(), CgroupMounts.hierarchies(List.of(OTHER, "nonsense"), List.of()));
  }
}
