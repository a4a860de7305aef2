package dev.naru.testing.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Seeds;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PayloadTest {

  @Test
  void saysWhichValueItIs() {
    Seeds.forEach(
        200,
        (_, random) -> {
          var value = value(random);

          assertThat(Payload.read(payload(value, random))).contains(value);
        });
  }

  @Test
  void isNoPayloadAnyMoreWithOneBitFlipped() {
    Seeds.forEach(
        500,
        (_, random) -> {
          byte[] payload = payload(value(random), random);
          payload[random.nextInt(payload.length)] ^= (byte) (1 << random.nextInt(8));

          assertThat(Payload.read(payload)).isEmpty();
        });
  }

  @Test
  void isNoPayloadAnyMoreWhenItIsCutOrFilledUp() {
    Seeds.forEach(
        200,
        (_, random) -> {
          byte[] payload = payload(value(random), random);
          int length = random.nextInt(2 * payload.length);
          byte[] other = Arrays.copyOf(payload, length == payload.length ? length + 1 : length);

          assertThat(Payload.read(other)).isEmpty();
        });
  }

  @Test
  void isNotThatOfAnotherValueOfTheSameLength() {
    Seeds.forEach(
        200,
        (_, random) -> {
          int length = random.nextInt(Payload.BYTES_MIN, 300);
          byte[] payload = Payload.of(value(random), length);
          byte[] other = Payload.of(value(random), length);
          System.arraycopy(other, 0, payload, 0, Long.BYTES);

          assertThat(Payload.read(payload)).isEmpty();
        });
  }

  private static Value value(RandomGenerator random) {
    return new Value(random.nextInt(Integer.MAX_VALUE), random.nextInt(Integer.MAX_VALUE));
  }

  private static byte[] payload(Value value, RandomGenerator random) {
    return Payload.of(value, random.nextInt(Payload.BYTES_MIN, 300));
  }
}
