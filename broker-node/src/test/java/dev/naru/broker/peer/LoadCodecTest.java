package dev.naru.broker.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.liveness.TopicLoad;
import dev.naru.types.TopicId;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadCodecTest {

  private static final TopicLoad LOAD = new TopicLoad(TopicId.of(1, 2), 4, 90_000, 50_000, 3);

  @Test
  void readsWhatItWrote() {
    var other = new TopicLoad(TopicId.of(-1, -2), 1, Long.MAX_VALUE, 0, 0);

    assertThat(LoadCodec.decode(LoadCodec.encode(List.of(LOAD, other))))
        .containsExactly(LOAD, other);
  }

  @Test
  void leavesOutWhatIsTooMuchOrCannotBe() {
    var many = LoadCodec.encode(Collections.nCopies(101, LOAD));
    var none = dev.naru.proto.internal.v1.TopicLoad.getDefaultInstance();

    assertThat(LoadCodec.decode(many)).hasSize(100);
    assertThat(LoadCodec.decode(List.of(none))).isEmpty();
  }
}
