package dev.naru.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.NaruException;
import dev.naru.client.ProducerConfig;
import dev.naru.client.core.RetryPolicy;
import dev.naru.client.transport.ProducerIds.Drawn;
import dev.naru.testing.Seeds;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ProducerIdentityTest {

  private static final Refused NONE_LEFT =
      new Refused(ErrorCode.TOO_MANY_REQUESTS, "Expected fewer producers");
  private static final long HOUR = Duration.ofHours(1).toMillis();

  private long now;
  private final ArrayDeque<Consumer<Drawn>> drawn = new ArrayDeque<>();
  private final ArrayDeque<Consumer<Refused>> refused = new ArrayDeque<>();
  private final AtomicInteger changes = new AtomicInteger();
  private final ProducerIdentity identity =
      new ProducerIdentity(
          ProducerConfig.DEFAULTS,
          (onDrawn, onFailure) -> {
            drawn.add(onDrawn);
            refused.add(onFailure);
          },
          () -> now,
          new RetryPolicy(10, 10),
          Seeds.random(1),
          changes::incrementAndGet);

  @Test
  void asksOnceAndKeepsWhatItIsGiven() {
    assertThat(identity.current()).isEmpty();
    assertThat(identity.current()).isEmpty();
    assertThat(drawn).hasSize(1);

    drawn.remove().accept(new Drawn(7, (short) 0, HOUR));

    assertThat(changes).hasValue(1);
    assertThat(identity.current()).contains(new Drawn(7, (short) 0, HOUR));
    assertThat(drawn).isEmpty();
  }

  @Test
  void asksAgainAfterAWaitIfSomebodyStillWantsIt() {
    identity.current();
    refused.remove().accept(NONE_LEFT);

    assertThat(identity.whyNone()).isEqualTo(NONE_LEFT);
    identity.current();
    assertThat(refused).isEmpty();
    now += 10;
    identity.current();
    assertThat(refused).hasSize(1);
  }

  @Test
  void isGivenAnotherIdWhenTheFirstCannotBeUsedAnyMore() {
    identity.current();
    drawn.remove().accept(new Drawn(7, (short) 0, HOUR));

    identity.renew();

    assertThat(identity.current()).isEmpty();
    drawn.remove().accept(new Drawn(8, (short) 0, HOUR));
    assertThat(identity.current().map(Drawn::id)).contains(8L);
  }

  @Test
  void endsIfItWouldWaitForLongerThanLeadersRememberIt() {
    identity.current();

    drawn.remove().accept(new Drawn(7, (short) 0, 1000));

    assertThat(identity.end().map(NaruException::code)).contains(ErrorCode.INVALID_CONFIG);
    assertThat(identity.current()).isEmpty();
    assertThat(drawn).isEmpty();
    assertThat(changes).hasValue(1);
  }

  @Test
  void takesANodeThatDoesNotSayHowLongForOneThatRemembers() {
    identity.current();

    drawn.remove().accept(new Drawn(7, (short) 0, 0));

    assertThat(identity.end()).isEmpty();
    assertThat(identity.current()).isPresent();
  }

  @Test
  void endsOnceForTheFirstReason() {
    var first = NaruException.of(NONE_LEFT);
    identity.finish(first);
    identity.finish(NaruException.of(new Refused(ErrorCode.INTERNAL, "another")));

    assertThat(identity.end()).contains(first);
    assertThat(changes).hasValue(1);
  }

  @Test
  void warnsOnceAMinute() {
    assertThat(identity.mayWarn()).isTrue();
    now += Duration.ofSeconds(59).toNanos();
    assertThat(identity.mayWarn()).isFalse();
    now += Duration.ofSeconds(1).toNanos();
    assertThat(identity.mayWarn()).isTrue();
  }
}
