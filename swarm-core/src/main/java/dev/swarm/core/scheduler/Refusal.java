package dev.swarm.core.scheduler;

/** Why a node is not taken for a task, in the order in which the filters are asked. */
public enum Refusal {
  NOT_READY("%d node%s not available for new tasks"),
  ENGINE_AWAY("the engine does not answer on %d node%s"),
  INSUFFICIENT_RESOURCES("insufficient resources on %d node%s"),
  MISSING_PLUGIN("missing plugin on %d node%s"),
  NETWORK("the task's networks do not reach %d node%s"),
  NETWORK_HELD("a removed network whose tasks have not stopped yet is in the way on %d node%s"),
  MISSING_RUNTIME("runtime not available on %d node%s"),
  CONSTRAINT("scheduling constraints not satisfied on %d node%s"),
  PLATFORM("unsupported platform on %d node%s"),
  HOST_PORT("host-mode port already in use on %d node%s"),
  MAX_REPLICAS("max replicas per node limit exceeded on %d node%s");

  private final String sentence;

  Refusal(String sentence) {
    this.sentence = sentence;
  }

  String explain(int nodes) {
    return String.format(java.util.Locale.ROOT, sentence, nodes, nodes == 1 ? "" : "s");
  }
}
