package dev.naru.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.naru.proto.internal.v1.Accept;
import dev.naru.proto.internal.v1.Batches;
import dev.naru.proto.internal.v1.LeaderMessage;
import dev.naru.proto.v1.Acks;
import dev.naru.proto.v1.FetchResponse;
import dev.naru.proto.v1.FetchedPartition;
import dev.naru.proto.v1.ProduceRequest;
import dev.naru.proto.v1.Uuid;
import dev.naru.record.BatchBytes;
import dev.naru.testing.Seeds;
import dev.naru.types.LeaderEpoch;
import io.grpc.Drainable;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BatchMarshallerTest {

  private static final BatchMarshaller<ProduceRequest> PRODUCE =
      BatchMarshaller.of(ProduceRequest.getDefaultInstance());
  private static final BatchMarshaller<FetchResponse> FETCH =
      BatchMarshaller.of(FetchResponse.getDefaultInstance());
  private static final BatchMarshaller<LeaderMessage> REPLICATE =
      BatchMarshaller.of(LeaderMessage.getDefaultInstance());

  @Test
  void writesWhatTheGeneratedParserReads() {
    Seeds.forEach(
        50,
        (seed, random) -> {
          byte[] payload = payload(random);
          var batches = batches(payload, random);
          var produce = produce(random);
          var fetch = fetch(random);
          var leader = leader(random);

          assertThat(ProduceRequest.parseFrom(PRODUCE.stream(new WithBatches<>(produce, batches))))
              .isEqualTo(produce.toBuilder().setBatch(ByteString.copyFrom(payload)).build());
          assertThat(FetchResponse.parseFrom(FETCH.stream(new WithBatches<>(fetch, batches))))
              .isEqualTo(fetch.toBuilder().setBatches(ByteString.copyFrom(payload)).build());
          assertThat(LeaderMessage.parseFrom(REPLICATE.stream(new WithBatches<>(leader, batches))))
              .isEqualTo(leader.toBuilder().setBatches(ByteString.copyFrom(payload)).build());
        });
  }

  @Test
  void readsWhatTheGeneratedClassesWrite() {
    Seeds.forEach(
        50,
        (seed, random) -> {
          byte[] payload = payload(random);
          var produce = produce(random);
          var withBatch = produce.toBuilder().setBatch(ByteString.copyFrom(payload)).build();

          var read = PRODUCE.parse(withBatch.toByteString().newInput());

          assertThat(read.header()).isEqualTo(produce);
          assertThat(read.batches().asByteBuffer()).isEqualTo(ByteBuffer.wrap(payload));
        });
  }

  @Test
  void readsWhatItWroteByEveryWayAStreamCanBeTaken() {
    Seeds.forEach(
        50,
        (seed, random) -> {
          var sent = new WithBatches<>(produce(random), batches(payload(random), random));
          byte[] whole = PRODUCE.stream(sent).readAllBytes();
          var drained = new ByteArrayOutputStream();
          var stream = PRODUCE.stream(sent);

          assertThat(stream.available()).isEqualTo(whole.length);
          assertThat(((Drainable) stream).drainTo(drained)).isEqualTo(whole.length);
          assertThat(stream.available()).isZero();
          assertThat(drained.toByteArray()).isEqualTo(whole).isEqualTo(oneByOne(sent));
          same(PRODUCE.parse(PRODUCE.stream(sent)), sent);
          same(PRODUCE.parse(new ByteArrayInputStream(whole)), sent);
        });
  }

  private static byte[] oneByOne(WithBatches<ProduceRequest> sent) throws IOException {
    var bytes = new ByteArrayOutputStream();
    InputStream stream = PRODUCE.stream(sent);
    for (int next = stream.read(); next >= 0; next = stream.read()) {
      bytes.write(next);
    }
    return bytes.toByteArray();
  }

  private static void same(WithBatches<ProduceRequest> received, WithBatches<ProduceRequest> sent) {
    assertThat(received.header()).isEqualTo(sent.header());
    assertThat(received.batches().asByteBuffer()).isEqualTo(sent.batches().asByteBuffer());
  }

  @Test
  void writesNoFieldForNoBatches() throws IOException {
    var header = ProduceRequest.newBuilder().setRequestId(1).build();

    byte[] bytes = PRODUCE.stream(WithBatches.none(header)).readAllBytes();

    assertThat(bytes).isEqualTo(header.toByteArray());
    assertThat(PRODUCE.parse(new ByteArrayInputStream(bytes)).batches().isEmpty()).isTrue();
    assertThat(PRODUCE.parse(new ByteArrayInputStream(new byte[0])).header())
        .isEqualTo(ProduceRequest.getDefaultInstance());
  }

  @Test
  void keepsFieldsThatItDoesNotKnowOnBothSidesOfTheBatches() throws IOException {
    var unknown =
        UnknownFieldSet.newBuilder()
            .addField(14, UnknownFieldSet.Field.newBuilder().addVarint(5).build())
            .addField(
                900,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("later"))
                    .build())
            .build();
    var header = ProduceRequest.newBuilder().setRequestId(1).setUnknownFields(unknown).build();
    var written = header.toBuilder().setBatch(ByteString.copyFromUtf8("batch")).build();

    var read = PRODUCE.parse(written.toByteString().newInput());

    assertThat(read.header()).isEqualTo(header);
    assertThat(read.batches().asByteBuffer())
        .isEqualTo(ByteString.copyFromUtf8("batch").asReadOnlyByteBuffer());
  }

  @Test
  void takesFieldsInAnyOrderAndTheLastOfTwoBatchesAsProtobufDoes() throws IOException {
    var first = ProduceRequest.newBuilder().setBatch(ByteString.copyFromUtf8("one")).build();
    var second =
        ProduceRequest.newBuilder()
            .setRequestId(9)
            .setBatch(ByteString.copyFromUtf8("two"))
            .build();
    var third = ProduceRequest.newBuilder().setPartition(3).build();
    var bytes = first.toByteString().concat(second.toByteString()).concat(third.toByteString());

    var read = PRODUCE.parse(bytes.newInput());

    var expected = ProduceRequest.parseFrom(bytes);
    assertThat(read.header()).isEqualTo(expected.toBuilder().clearBatch().build());
    assertThat(read.batches().asByteBuffer()).isEqualTo(expected.getBatch().asReadOnlyByteBuffer());
  }

  @Test
  void letsTheReceiverStampWhatItReceived() {
    var sent = new WithBatches<>(ProduceRequest.getDefaultInstance(), batches(new byte[61]));

    var received = PRODUCE.parse(PRODUCE.stream(sent)).batches();
    received.stamp(7, new LeaderEpoch(1));

    assertThat(received.asByteBuffer().getLong(0)).isEqualTo(7);
    assertThat(sent.batches().asByteBuffer().getLong(0)).isZero();
  }

  @Test
  void receivesIntoMemoryOnLoanWhateverTheStreamIsMadeOf() {
    Seeds.forEach(
        100,
        (seed, random) -> {
          var memory = new CountedMemory();
          var sent = new WithBatches<>(produce(random), batches(payload(random), random));
          byte[] bytes = PRODUCE.stream(sent).readAllBytes();

          var received = PRODUCE.into(memory).parse(Fragments.of(bytes, random));

          same(received, sent);
          assertThat(memory.lent).isEqualTo(sent.batches().isEmpty() ? 0 : 1);
          received.batches().release();
          assertThat(memory.lent).isZero();
        });
  }

  @Test
  void givesTheLoanBackWhereItIsOfNoUse() throws IOException {
    Seeds.forEach(
        20,
        (seed, random) -> {
          var memory = new CountedMemory();
          var produce = PRODUCE.into(memory);
          byte[] whole =
              PRODUCE.stream(new WithBatches<>(produce(random), batches(new byte[100])))
                  .readAllBytes();
          byte[] cut = Arrays.copyOf(whole, whole.length - 1 - random.nextInt(100));
          byte[] anotherOrder = concat(whole, produce(random).toByteArray());

          assertThatThrownBy(() -> produce.parse(Fragments.of(cut, random)))
              .isInstanceOf(StatusRuntimeException.class)
              .hasMessageContaining("Expected a protobuf message, but");
          var read = produce.parse(Fragments.of(anotherOrder, random));

          assertThat(read.header())
              .isEqualTo(ProduceRequest.parseFrom(anotherOrder).toBuilder().clearBatch().build());
          assertThat(read.batches().size()).isEqualTo(100);
          assertThat(memory.lent).isZero();
        });
  }

  private static byte[] concat(byte[] one, byte[] other) {
    return ByteBuffer.allocate(one.length + other.length).put(one).put(other).array();
  }

  private static final class CountedMemory implements BatchMemory {

    int lent;

    @Override
    public Optional<Room> lend(int bytes) {
      lent++;
      return Optional.of(new Room(ByteBuffer.allocateDirect(bytes), () -> lent--));
    }
  }

  @Test
  void refusesBytesThatAreNoMessage() {
    Seeds.forEach(
        20,
        (seed, random) -> {
          byte[] whole =
              PRODUCE.stream(new WithBatches<>(produce(random), batches(new byte[100])))
                  .readAllBytes();
          byte[] cut = Arrays.copyOf(whole, whole.length - 1 - random.nextInt(100));

          assertThatThrownBy(() -> PRODUCE.parse(new ByteArrayInputStream(cut)))
              .isInstanceOf(StatusRuntimeException.class)
              .hasMessageContaining("Expected a protobuf message, but");
        });
  }

  private static byte[] payload(RandomGenerator random) {
    byte[] payload = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(40_000)];
    random.nextBytes(payload);
    return payload;
  }

  private static BatchBytes batches(byte[] payload, RandomGenerator random) {
    return random.nextBoolean()
        ? batches(payload)
        : BatchBytes.of(ByteBuffer.allocateDirect(payload.length).put(payload).flip());
  }

  private static BatchBytes batches(byte[] payload) {
    return BatchBytes.of(ByteBuffer.wrap(payload));
  }

  private static ProduceRequest produce(RandomGenerator random) {
    var request =
        ProduceRequest.newBuilder()
            .setRequestId(random.nextLong())
            .setTopicId(Uuid.newBuilder().setHigh(random.nextLong()).setLow(random.nextLong()))
            .setPartition(random.nextInt(100))
            .setAcks(Acks.ACKS_ALL)
            .setAttempt(random.nextInt());
    if (random.nextBoolean()) {
      request.setLeaderEpoch(random.nextInt());
    }
    return request.build();
  }

  private static FetchResponse fetch(RandomGenerator random) {
    return FetchResponse.newBuilder()
        .setRequestId(random.nextLong())
        .setLast(random.nextBoolean())
        .setPartition(FetchedPartition.newBuilder().setHighWatermark(random.nextLong()))
        .build();
  }

  private static LeaderMessage leader(RandomGenerator random) {
    return random.nextBoolean()
        ? LeaderMessage.newBuilder()
            .setHeader(Batches.newBuilder().setHighWatermark(random.nextLong()))
            .build()
        : LeaderMessage.newBuilder()
            .setAccept(Accept.newBuilder().setFrom(random.nextLong()))
            .build();
  }
}
