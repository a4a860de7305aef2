package dev.naru.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Seeds;
import org.junit.jupiter.api.Test;

class ClassicModelTest {

  @Test
  void keepsItsClaimsWhateverMembersAndMessagesDo() {
    Seeds.forEach(
        200,
        (seed, random) -> {
          var group = new ClassicModel(GroupRules.PRODUCT, random).run();

          var log = Replays.compacted(group.log(), random);
          assertThat(Replays.replay("app", log)).isEqualTo(group.image());
        });
  }
}
