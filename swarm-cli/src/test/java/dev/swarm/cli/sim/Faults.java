package dev.swarm.cli.sim;

/** Which faults exist in a world. Some worlds have few, so that one does not hide another. */
record Faults(
    boolean tasksFail,
    boolean enginesFail,
    boolean agentsDie,
    boolean machinesCrash,
    boolean networkCuts,
    boolean managersCrash,
    boolean leadershipMoves,
    boolean unknownOutcomes,
    boolean slowLog,
    boolean stalls,
    boolean disksFill,
    boolean skewedClocks,
    boolean rolesChange) {

  static Faults draw(Chance chance) {
    int percent = chance.of(java.util.List.of(0, 15, 35, 60));
    return new Faults(
        chance.percent(percent),
        chance.percent(percent),
        chance.percent(percent),
        chance.percent(percent),
        chance.percent(percent),
        chance.percent(percent),
        chance.percent(percent),
        chance.percent(percent),
        chance.percent(percent),
        chance.percent(percent),
        chance.percent(percent),
        chance.percent(percent),
        chance.percent(percent));
  }
}
