package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.broker.rpc.Paging.Page;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PagingTest {

  private final List<Integer> all = IntStream.range(0, 2_500).boxed().toList();

  @Test
  void givesEverythingOnceOverItsPages() {
    var seen = new ArrayList<Integer>();
    var page = page(700, "");
    while (!page.nextToken().isEmpty()) {
      seen.addAll(page.items());
      page = page(700, page.nextToken());
    }
    seen.addAll(page.items());

    assertThat(seen).isEqualTo(all);
  }

  @Test
  void boundsPages() {
    assertThat(page(0, "").items()).hasSize(100);
    assertThat(page(5_000, "").items()).hasSize(1_000);
    assertThatThrownBy(() -> page(-1, "")).isInstanceOf(StatusRuntimeException.class);
  }

  @Test
  void goesOnWhereItWasWhenTheLastItemIsGone() {
    var token = page(10, "").nextToken();
    var without = all.stream().filter(item -> item != 9).toList();

    var page = Paging.of(without, 10, token, item -> item, Integer::parseInt);

    assertThat(page.items().getFirst()).isEqualTo(10);
  }

  @Test
  void refusesTokensOfItsCallers() {
    assertThatThrownBy(() -> page(10, "%%")).hasMessageContaining("page_token");
    assertThatThrownBy(() -> page(10, "eA==")).hasMessageContaining("page_token");
  }

  private Page<Integer> page(int size, String token) {
    return Paging.of(all, size, token, item -> item, Integer::parseInt);
  }
}
