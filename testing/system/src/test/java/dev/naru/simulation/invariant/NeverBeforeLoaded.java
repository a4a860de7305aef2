package dev.naru.simulation.invariant;

/** A coordinator says nothing of its groups before it has read all that others wrote of them. */
public final class NeverBeforeLoaded implements GroupInvariant {

  @Override
  public void answered(GroupScene scene, Coordinator coordinator) {
    if (coordinator.loadedTo() < coordinator.epochStart()) {
      throw violated(
          coordinator.partition(),
          "node %s speaks for its groups, of whose log it has read %d of %d",
          coordinator.node(),
          coordinator.loadedTo(),
          coordinator.epochStart());
    }
  }
}
