package dev.naru.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Eventually;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

  private final MemoryBudget memory = new MemoryBudget(1000, new ArrayPool(100, 800, 2000));

  private byte[] take(int bytes) {
    return Objects.requireNonNull(tryTake(bytes, Duration.ZERO));
  }

  private byte @Nullable [] tryTake(int bytes, Duration limit) {
    try {
      return memory.take(bytes, limit.toNanos(), () -> {});
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void countsTheSizeOfArrays() {
    byte[] array = take(150);

    assertThat(array).hasSize(200);
    assertThat(memory.free()).isEqualTo(800);
    assertThat(tryTake(801, Duration.ZERO)).isNull();

    memory.giveBack(array);
    assertThat(memory.free()).isEqualTo(1000);
    assertThat(tryTake(150, Duration.ZERO)).isSameAs(array);
  }

  @Test
  void exchangesAnArrayForALargerOneWithTheSameBytes() {
    byte[] array = take(100);
    array[0] = 1;
    array[59] = 2;

    byte[] larger = memory.tryExchange(array, 60, 101);

    assertThat(larger).hasSize(200).startsWith(1).contains(2);
    assertThat(memory.free()).isEqualTo(800);
    assertThat(take(100)).isSameAs(array);
  }

  @Test
  void exchangesForALargerOneOnlyWhatIsFree() {
    byte[] array = take(100);
    byte[] rest = take(800);

    assertThat(memory.tryExchange(array, 100, 300)).isNull();
    assertThat(memory.free()).isEqualTo(100);

    memory.giveBack(rest);
    assertThat(memory.tryExchange(array, 100, 300)).hasSize(400);
    assertThat(memory.free()).isEqualTo(600);
  }

  @Test
  void setsFreeWhatASmallerOneSpares() {
    byte[] array = take(400);

    byte[] smaller = memory.tryExchange(array, 30, 30);

    assertThat(smaller).hasSize(30);
    assertThat(memory.free()).isEqualTo(970);
  }

  @Test
  void lendsToWhoWaitsWhatIsGivenBack() {
    byte[] array = take(800);
    var later = CompletableFuture.supplyAsync(() -> tryTake(800, Duration.ofSeconds(20)));
    Eventually.allowing("a thread to start", Duration.ofSeconds(5))
        .until("it waits", memory::isShort);

    memory.giveBack(array);

    assertThat(later.join()).isSameAs(array);
    assertThat(memory.free()).isEqualTo(200);
    assertThat(memory.isShort()).isFalse();
  }
}
