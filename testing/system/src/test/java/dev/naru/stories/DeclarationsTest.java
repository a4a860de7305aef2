package dev.naru.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.LossCause;
import dev.naru.metadata.image.OffsetRange;
import dev.naru.types.LeaderEpoch;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePSet;

class DeclarationsTest {

  @Test
  void readsWhatIsDeclaredInOneRangeAndInTwo() {
    var one = loss(new OffsetRange(30, 33), Optional.empty());
    var two = loss(new OffsetRange(30, 33), Optional.of(new OffsetRange(10, 12)));

    assertThat(Declarations.of(told(one), "orders-0").offsets()).containsExactly(30L, 31L, 32L);
    assertThat(Declarations.of(told(two), "orders-0").offsets())
        .containsExactly(10L, 11L, 30L, 31L, 32L);
    assertThat(Declarations.of(told(two), "orders-1").offsets()).isEmpty();
  }

  @Test
  void doesNotPassOverALineThatItCannotRead() {
    assertThatThrownBy(() -> Declarations.of("DATA_LOSS_DECLARED orders-0: 30", "orders-0"))
        .isInstanceOf(IllegalStateException.class);
  }

  /** As {@code LossNotices} has it. */
  private static String told(DeclaredLoss loss) {
    return "WARN DATA_LOSS_DECLARED Records of orders-0 are lost: offsets %s, at least; given up by an operator when leader epoch %s began. Nobody is left who could say exactly how much"
        .formatted(loss.ranges(), loss.leaderEpoch());
  }

  private static DeclaredLoss loss(OffsetRange declared, Optional<OffsetRange> announced) {
    return new DeclaredLoss(
        new LeaderEpoch(7),
        new LogEnd(Optional.of(new LeaderEpoch(4)), 20),
        10,
        declared,
        announced,
        false,
        TreePSet.empty(),
        TreePSet.empty(),
        LossCause.OPERATOR);
  }
}
