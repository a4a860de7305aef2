package dev.naru.log.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpaceRuleTest {

  private static final long MIB = 1 << 20;
  private static final long TIB = 1L << 40;

  private final SpaceRule rule = new SpaceRule(0.95);

  @Test
  void ofALargeDiskTheLastTwentiethIsKept() {
    assertThat(rule.whyNot(new DiskSpace(TIB / 10, TIB))).isEmpty();
    assertThat(rule.whyNot(new DiskSpace(TIB / 25, TIB)))
        .contains("to be at most 95 % full (disk.used.ratio.max), but it would be 96.0 %");
  }

  @Test
  void ofASmallDiskAReserveIsKept() {
    assertThat(rule.whyNot(new DiskSpace(10 * MIB, 80 * MIB))).isEmpty();
    assertThat(rule.whyNot(new DiskSpace(10 * MIB - 1, 80 * MIB)))
        .contains("to keep 10485760 bytes for what must go on, but records would leave 10485759");
  }

  @Test
  void theReserveDoesNotGrowWithALargeDiskAndCannotBeSwitchedOff() {
    var off = new SpaceRule(1);

    assertThat(off.allows(new DiskSpace(64 * MIB, TIB))).isTrue();
    assertThat(off.allows(new DiskSpace(64 * MIB - 1, TIB))).isFalse();
    assertThat(off.allows(new DiskSpace(-1, 16))).isFalse();
  }

  @Test
  void warnsBeforeItRefuses() {
    assertThat(rule.isWorthWarning(new DiskSpace(TIB * 16 / 100, TIB))).isFalse();
    assertThat(rule.isWorthWarning(new DiskSpace(TIB * 14 / 100, TIB))).isTrue();
    assertThat(rule.allows(new DiskSpace(TIB * 14 / 100, TIB))).isTrue();
    assertThat(new SpaceRule(0.5).isWorthWarning(new DiskSpace(TIB * 59 / 100, TIB))).isTrue();
  }

  @Test
  void wantsRoomOnAFullDiskButNotBecauseOfARatioThatIsASlip() {
    assertThat(rule.wantsRoom(new DiskSpace(TIB * 6 / 100, TIB))).isFalse();
    assertThat(rule.wantsRoom(new DiskSpace(TIB * 4 / 100, TIB))).isTrue();
    var slip = new SpaceRule(0.09);
    assertThat(slip.allows(new DiskSpace(TIB * 16 / 100, TIB))).isFalse();
    assertThat(slip.wantsRoom(new DiskSpace(TIB * 16 / 100, TIB))).isFalse();
    assertThat(slip.wantsRoom(new DiskSpace(TIB * 14 / 100, TIB))).isTrue();
    assertThat(slip.wantsRoom(new DiskSpace(10 * MIB - 1, 80 * MIB))).isTrue();
  }

  @Test
  void warnsOnASmallDiskWhenTwiceTheReserveIsLeft() {
    assertThat(rule.isWorthWarning(new DiskSpace(20 * MIB, 80 * MIB))).isFalse();
    assertThat(rule.isWorthWarning(new DiskSpace(20 * MIB - 1, 80 * MIB))).isTrue();
  }
}
