package dev.naru.client.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.naru.client.Codec;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonCodecTest {

  private record Order(String customer, long cents, List<String> itemNames) {}

  /** Jackson finds no way to write it. */
  private static final class Opaque {}

  private static final Order ORDER = new Order("나루 ⛴", Long.MAX_VALUE, List.of("oar", "rope"));

  private final ObjectMapper mapper = new ObjectMapper();
  private final Codec<Order> codec = JsonCodec.of(mapper, Order.class);

  private static String text(ByteBuffer bytes) {
    return UTF_8.decode(bytes.duplicate()).toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void decodesWhatItEncoded() {
    var encoded = codec.encode(ORDER);

    assertThat(text(encoded))
        .isEqualTo(
            "{\"customer\":\"나루 ⛴\",\"cents\":9223372036854775807,\"itemNames\":[\"oar\",\"rope\"]}");
    assertThat(codec.decode(encoded.asReadOnlyBuffer())).isEqualTo(ORDER);
    assertThat(ByteBuffer.wrap(codec.encodeToArray(ORDER))).isEqualTo(encoded);
  }

  @Test
  void decodesAPartOfAnArray() {
    byte[] encoded = codec.encodeToArray(ORDER);
    byte[] among = new byte[3 + encoded.length + 2];
    System.arraycopy(encoded, 0, among, 3, encoded.length);

    assertThat(codec.decode(among, 3, encoded.length)).isEqualTo(ORDER);
  }

  @Test
  void knowsTypeArguments() {
    Codec<List<Order>> orders = JsonCodec.of(mapper, new TypeReference<List<Order>>() {});

    assertThat(orders.decode(orders.encode(List.of(ORDER, ORDER)))).containsExactly(ORDER, ORDER);
  }

  @Test
  void writesAsTheApplicationsMapperDoesAtThatMoment() {
    var other = new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    var snakes = JsonCodec.of(other, Order.class);
    other.enable(SerializationFeature.INDENT_OUTPUT); // too late

    assertThat(text(snakes.encode(ORDER))).contains("\"item_names\":[").doesNotContain("\n");
    assertThat(snakes.decode(snakes.encode(ORDER))).isEqualTo(ORDER);
  }

  @Test
  void refusesWhatIsNoValueOfTheType() {
    for (var wrong :
        List.of("", "{", "[]", "{\"cents\":\"many\"}", "{\"unknown\":1}", "{} {}", "{}x", "null")) {
      byte[] given = bytes(wrong);

      assertThatThrownBy(() -> codec.decode(given, 0, given.length))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Expected JSON of " + Order.class.getName() + ", but ");
      assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(given)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refusesWhatCannotBeWritten() {
    var opaque = JsonCodec.of(mapper, Opaque.class);

    assertThatThrownBy(() -> opaque.encode(new Opaque()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Expected a value that can be written as " + Opaque.class.getName());
  }
}
