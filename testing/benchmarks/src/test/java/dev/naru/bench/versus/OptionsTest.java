package dev.naru.bench.versus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.bench.versus.process.BenchmarkFailure;
import dev.naru.bench.versus.result.Contender;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {

  private static Options parse(String... words) {
    return Options.parse(List.of(words), Path.of("work"));
  }

  @Test
  void comparesBothUnlessOneIsLeftOut() {
    assertThat(parse().contenders()).containsExactlyInAnyOrder(Contender.values());
    assertThat(parse("--without", "kafka").contenders()).containsExactly(Contender.NARU);
  }

  @Test
  void saysWhatAFlagWants() {
    assertThatThrownBy(() -> parse("--without", "rabbit"))
        .isInstanceOf(BenchmarkFailure.class)
        .hasMessageContaining("kafka or naru after --without");
    assertThatThrownBy(() -> parse("--rounds", "0")).hasMessageContaining("1 to 99");
  }
}
