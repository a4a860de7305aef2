package dev.naru.simulation.invariant;

import dev.naru.broker.group.GroupEvent.OffsetGone;
import java.util.Map;
import java.util.TreeMap;

/** No offset goes while its group has members, or before it has had none for long enough. */
public final class NoOffsetForgotten implements GroupInvariant {

  private final Map<String, Long> emptySinceMillis = new TreeMap<>();

  @Override
  public void committed(GroupScene scene, GroupStep step) {
    for (var event : step.events()) {
      if (event instanceof OffsetGone(var partition)) {
        long since = emptySinceMillis.getOrDefault(step.group(), step.writtenMillis());
        if (step.before().hasMembers()
            || step.writtenMillis() - since < scene.facts().retentionMillis()) {
          throw violated(
              step.log(),
              "group %s forgets its offset of %s with %d members, empty for %d ms",
              step.group(),
              partition,
              step.before().members().size(),
              step.writtenMillis() - since);
        }
      }
    }
    if (step.after().hasMembers()) {
      emptySinceMillis.remove(step.group());
    } else {
      emptySinceMillis.putIfAbsent(step.group(), step.writtenMillis());
    }
  }
}
