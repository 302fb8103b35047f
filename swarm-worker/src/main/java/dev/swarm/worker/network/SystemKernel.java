package dev.swarm.worker.network;

import dev.swarm.core.kernel.Batch;
import dev.swarm.core.kernel.KernelState;
import dev.swarm.core.kernel.Settings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** This machine's kernel, by iproute2, nftables and conntrack. */
public final class SystemKernel implements NetworkKeeper.Kernel {
  private final KernelPrograms programs;
  private final KernelReader reader;
  private final KernelWriter writer;

  public SystemKernel(KernelPrograms programs) {
    this.programs = programs;
    this.reader = new KernelReader(programs);
    this.writer = new KernelWriter(programs);
  }

  @Override
  public KernelState read(String prefix) throws KernelException {
    return reader.read(prefix);
  }

  @Override
  public void apply(List<Batch> batches) throws KernelException {
    writer.apply(batches);
  }

  /** Those of the settings that this kernel has. */
  public Set<String> settings() throws KernelException {
    List<String> words = new ArrayList<>(List.of("sysctl", "-e", "-N"));
    words.addAll(Settings.asked());
    Ran ran = programs.run(words, "");
    Set<String> known = new HashSet<>(List.of(ran.out().strip().split("\\s+", -1)));
    known.retainAll(Settings.asked());
    return known;
  }
}
