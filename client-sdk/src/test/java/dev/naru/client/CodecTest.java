package dev.naru.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.proto.v1.Uuid;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CodecTest {

  @Test
  void decodesWhatItEncoded() {
    var id = UUID.fromString("6f0d3c1e-2b0a-4c55-9a77-0c3b3f6f7a10");

    assertThat(roundTrip(Codec.utf8(), "나루 ⛴")).isEqualTo("나루 ⛴");
    assertThat(roundTrip(Codec.bytes(), new byte[] {1, 2})).containsExactly(1, 2);
    assertThat(roundTrip(Codec.int64(), Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
    assertThat(roundTrip(Codec.uuid(), id)).isEqualTo(id);
  }

  private static <T> T roundTrip(Codec<T> codec, T value) {
    return codec.decode(codec.encode(value).asReadOnlyBuffer());
  }

  @Test
  void decodesAPartOfAnArray() {
    var id = UUID.fromString("6f0d3c1e-2b0a-4c55-9a77-0c3b3f6f7a10");

    assertThat(fromArray(Codec.utf8(), "나루 ⛴")).isEqualTo("나루 ⛴");
    assertThat(fromArray(Codec.utf8(), "known as \ufffd")).isEqualTo("known as \ufffd");
    assertThat(fromArray(Codec.utf8(), "")).isEmpty();
    assertThat(fromArray(Codec.bytes(), new byte[] {1, 2})).containsExactly(1, 2);
    assertThat(fromArray(Codec.int64(), Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
    assertThat(fromArray(Codec.uuid(), id)).isEqualTo(id);
  }

  private static <T> T fromArray(Codec<T> codec, T value) {
    var encoded = codec.encode(value);
    byte[] among = new byte[3 + encoded.remaining() + 2];
    int length = encoded.remaining();
    encoded.get(among, 3, length);
    return codec.decode(among, 3, length);
  }

  @Test
  void givesACodecOfFunctionsNothingButItsOwnBytesOfAnArray() {
    Codec<Integer> capacity = Codec.of(number -> ByteBuffer.allocate(number), ByteBuffer::capacity);

    assertThat(capacity.decode(new byte[9], 2, 5)).isEqualTo(5);
    Codec<Boolean> readOnly = Codec.of(yes -> ByteBuffer.allocate(0), ByteBuffer::isReadOnly);
    assertThat(readOnly.decode(new byte[9], 2, 5)).isTrue();
  }

  @Test
  void encodesIntoAnArrayOfJustTheBytes() {
    byte[] own = {1, 2, 3};
    byte[] wide = {0, 1, 2, 3, 4};
    Codec<ByteBuffer> views = Codec.of(bytes -> bytes, bytes -> bytes);

    assertThat(Codec.bytes().encodeToArray(own)).isSameAs(own);
    assertThat(Codec.utf8().encodeToArray("나")).hasSize(3);
    assertThat(views.encodeToArray(ByteBuffer.wrap(own))).isSameAs(own);
    assertThat(views.encodeToArray(ByteBuffer.wrap(own).asReadOnlyBuffer())).isEqualTo(own);
    assertThat(views.encodeToArray(ByteBuffer.wrap(wide, 1, 3))).isEqualTo(own);
    assertThat(views.encodeToArray(ByteBuffer.wrap(wide, 1, 3).slice())).isEqualTo(own);
    assertThat(views.encodeToArray(ByteBuffer.wrap(own).limit(2))).containsExactly(1, 2);
  }

  @Test
  void takesMessagesOfProtobuf() {
    var codec = Codec.protobuf(Uuid.parser());
    var message = Uuid.newBuilder().setHigh(-1).setLow(7).build();

    assertThat(roundTrip(codec, message)).isEqualTo(message);
    assertThat(fromArray(codec, message)).isEqualTo(message);
    assertThat(fromArray(codec, Uuid.getDefaultInstance())).isEqualTo(Uuid.getDefaultInstance());
    assertThat(codec.encodeToArray(message)).isEqualTo(message.toByteArray());
    byte[] cut = Arrays.copyOf(message.toByteArray(), message.getSerializedSize() - 1);
    assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(cut)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("protobuf message");
    assertThatThrownBy(() -> codec.decode(cut, 0, cut.length))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("protobuf message");
  }

  @Test
  void refusesBytesThatAreSomethingElse() {
    var three = ByteBuffer.wrap(new byte[] {(byte) 0xff, 0, 1});

    assertThatThrownBy(() -> Codec.int64().decode(three)).hasMessageContaining("8 bytes");
    assertThatThrownBy(() -> Codec.uuid().decode(three)).hasMessageContaining("16 bytes");
    assertThatThrownBy(() -> Codec.utf8().decode(three)).hasMessageContaining("UTF-8");
    assertThatThrownBy(() -> Codec.utf8().decode(three.array(), 0, 3))
        .hasMessageContaining("UTF-8");
  }
}
