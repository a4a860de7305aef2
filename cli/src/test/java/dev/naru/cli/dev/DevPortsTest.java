package dev.naru.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.types.HostPort;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class DevPortsTest {

  @Test
  void laysOutTheDocumentedPorts() {
    var ports = new DevPorts(9410);

    assertThat(ports.all(3))
        .extracting(HostPort::port)
        .containsExactly(9410, 9411, 9412, 9480, 9420, 9421, 9422, 9481, 9430, 9431, 9432, 9482);
  }

  @Test
  void givesNoPortTwice() {
    var all = new DevPorts(20_000).all(3);

    assertThat(new HashSet<>(all)).hasSameSizeAs(all);
  }

  @Test
  void refusesAFirstPortThatLeavesNoRoom() {
    assertThatThrownBy(() -> new DevPorts(65_500)).hasMessageContaining("but was 65500");
    assertThat(new DevPorts(DevPorts.FIRST_MAX).all(3))
        .allSatisfy(port -> assertThat(port.port()).isLessThanOrEqualTo(65_535));
  }
}
