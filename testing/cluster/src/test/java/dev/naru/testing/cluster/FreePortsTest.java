package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FreePortsTest {

  /** So many drawn without looking would hold one twice in all but one of a three million runs. */
  @Test
  void givesNoPortTwice() {
    var ports = Stream.generate(FreePorts::next).limit(600).toList();

    assertThat(ports).doesNotHaveDuplicates();
  }
}
