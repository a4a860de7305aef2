package dev.naru.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Seeds;
import org.junit.jupiter.api.Test;

class GroupModelTest {

  @Test
  void keepsItsClaimsWhateverMembersAndMessagesDo() {
    Seeds.forEach(200, (seed, random) -> new GroupModel(GroupRules.PRODUCT, random).run());
  }

  @Test
  void isTheSameGroupAfterAnyCompactionOfItsLog() {
    Seeds.forEach(
        50,
        (seed, random) -> {
          var group = new GroupModel(GroupRules.PRODUCT, random).run();
          for (int i = 0; i < 5; i++) {
            var log = Replays.compacted(group.log(), random);

            assertThat(Replays.replay("app", log)).isEqualTo(group.image());
          }
        });
  }
}
