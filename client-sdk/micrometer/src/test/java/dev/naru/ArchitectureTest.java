package dev.naru;

import dev.naru.testing.HouseRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  @Test
  void keepsTheHouseRules() {
    HouseRules.check(ArchitectureTest.class);
  }
}
