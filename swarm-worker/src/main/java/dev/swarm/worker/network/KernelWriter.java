package dev.swarm.worker.network;

import dev.swarm.core.kernel.Batch;
import dev.swarm.core.kernel.KernelState;
import java.util.List;

/** Changes a kernel by batches of commands. */
public final class KernelWriter {
  private final KernelPrograms programs;

  public KernelWriter(KernelPrograms programs) {
    this.programs = programs;
  }

  /** Runs all of them, whatever fails, and then says what failed first. */
  public void apply(List<Batch> batches) throws KernelException {
    KernelException first = null;
    for (Batch batch : batches) {
      try {
        apply(batch);
      } catch (KernelException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private void apply(Batch batch) throws KernelException {
    Ran ran = programs.run(command(batch), batch.text());
    if (!ran.succeeded() && !(batch.tool() == Batch.Tool.CONNTRACK && isNothingFound(ran))) {
      throw new KernelException(
          command(batch).get(0)
              + (batch.namespace().isEmpty() ? "" : " in " + batch.namespace())
              + " failed with code "
              + ran.code()
              + ": "
              + ran.message());
    }
  }

  private static boolean isNothingFound(Ran ran) {
    return ran.message().contains("0 flow entries have been deleted");
  }

  private static List<String> command(Batch batch) {
    boolean host = batch.namespace().equals(KernelState.HOST);
    return switch (batch.tool()) {
      case IP ->
          host
              ? List.of("ip", "-force", "-batch", "-")
              : List.of("ip", "-n", batch.namespace(), "-force", "-batch", "-");
      case BRIDGE ->
          host
              ? List.of("bridge", "-force", "-batch", "-")
              : List.of("bridge", "-n", batch.namespace(), "-force", "-batch", "-");
      case SYSCTL -> Inside.of(batch.namespace(), "sysctl", "-q", "-p", "-");
      case NFT -> Inside.of(batch.namespace(), "nft", "-f", "-");
      case CONNTRACK -> Inside.of(batch.namespace(), "conntrack", "-R", "-");
    };
  }
}
