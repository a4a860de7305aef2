package dev.naru.broker.grouplog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.broker.coordinator.GroupChange;
import dev.naru.broker.coordinator.GroupLogFormat.Entry;
import dev.naru.broker.coordinator.ShardLimits;
import dev.naru.broker.coordinator.UnreadableGroupException;
import dev.naru.broker.group.ClassicOffer;
import dev.naru.broker.group.ClassicPhase;
import dev.naru.broker.group.ClassicState;
import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupEvent;
import dev.naru.broker.group.GroupHeader;
import dev.naru.broker.group.GroupLimits;
import dev.naru.broker.group.GroupProtocol;
import dev.naru.broker.group.Hold;
import dev.naru.broker.group.Holdings;
import dev.naru.broker.group.Interest;
import dev.naru.broker.group.MemberId;
import dev.naru.broker.group.MemberProfile;
import dev.naru.broker.group.Opaque;
import dev.naru.broker.group.Wishes;
import dev.naru.proto.internal.v1.GroupKey;
import dev.naru.proto.internal.v1.GroupKeyKind;
import dev.naru.proto.internal.v1.OffsetValue;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

class GroupLogCodecTest {

  private static final MemberId ONE = MemberId.of(-1, 1);
  private static final TopicId TOPIC = TopicId.of(1, -2);
  private static final TopicId OTHER = TopicId.of(2, 0);
  private static final PartitionId P0 = new PartitionId(TOPIC, 0);
  private static final PartitionId P7 = new PartitionId(OTHER, 7);

  private final GroupLogCodec codec = new GroupLogCodec();

  static Stream<GroupEvent> events() {
    return Stream.of(
        new GroupEvent.GroupSet(
            new GroupHeader(
                GroupProtocol.NATIVE,
                7,
                new Interest(6, 5, 1L << 40, -3),
                1_000,
                OptionalLong.of(2_000),
                TreePMap.<TopicId, Integer>empty().plus(TOPIC, 3).plus(OTHER, 0),
                Optional.empty())),
        new GroupEvent.GroupSet(
            new GroupHeader(
                GroupProtocol.CLASSIC,
                7,
                new Interest(0, 0, 12, 13),
                1_000,
                OptionalLong.empty(),
                TreePMap.empty(),
                Optional.of(
                    new ClassicState(
                        ClassicPhase.COMPLETING, Optional.of(ONE), Optional.of("range"))))),
        new GroupEvent.GroupSet(
            new GroupHeader(
                GroupProtocol.CLASSIC,
                1,
                Interest.NONE,
                0,
                OptionalLong.of(0),
                TreePMap.empty(),
                Optional.of(ClassicState.UNBEGUN))),
        new GroupEvent.GroupGone(),
        new GroupEvent.WishesSet(
            ONE,
            new Wishes(
                new MemberProfile(
                    Optional.of("i-1"),
                    Optional.of("r"),
                    Optional.of("uniform"),
                    "client",
                    "host",
                    Duration.ofSeconds(45),
                    Duration.ofMinutes(5)),
                TreePSet.<String>empty().plus("b").plus("a"),
                List.of())),
        new GroupEvent.HoldingsSet(
            ONE,
            new Holdings(
                9,
                3,
                TreePMap.<PartitionId, Hold>empty()
                    .plus(P0, Hold.granted(3))
                    .plus(P7, Hold.granted(4).revoked(8)),
                TreePSet.<PartitionId>empty().plus(P0),
                true,
                Optional.empty())),
        new GroupEvent.WishesSet(
            ONE,
            new Wishes(
                new MemberProfile(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    "",
                    "",
                    Duration.ofSeconds(6),
                    Duration.ofMillis(1)),
                TreePSet.empty(),
                List.of(
                    new ClassicOffer("b", Opaque.of((byte) 1)),
                    new ClassicOffer("a", Opaque.EMPTY)))),
        new GroupEvent.HoldingsSet(
            ONE,
            new Holdings(
                0, 0, TreePMap.empty(), TreePSet.empty(), false, Optional.of(Opaque.EMPTY))),
        new GroupEvent.WishesGone(ONE),
        new GroupEvent.HoldingsGone(ONE),
        new GroupEvent.OffsetSet(
            P7, new Committed(4_711, Optional.of(LeaderEpoch.ZERO), "note", 1_234)),
        new GroupEvent.OffsetSet(P0, Committed.at(0, 0)),
        new GroupEvent.OffsetGone(P0));
  }

  @ParameterizedTest
  @MethodSource("events")
  void readsWhatItWrites(GroupEvent event) {
    var change = new GroupChange("äpp", event);

    assertThat(codec.decode(codec.encode(change))).contains(change);
  }

  @ParameterizedTest
  @MethodSource("events")
  void writesTheSameKeyForTheSameThing(GroupEvent event) {
    var change = new GroupChange("app", event);

    assertThat(codec.encode(change).key()).isEqualTo(codec.encode(change).key());
  }

  @Test
  void aBarrierSaysNothing() {
    assertThat(codec.decode(codec.barrier())).isEmpty();
  }

  @Test
  void refusesAKeyInAnotherForm() {
    var canonical = codec.encode(new GroupChange("app", new GroupEvent.GroupGone())).key();
    var more = ByteBuffer.allocate(canonical.remaining() + 2);
    more.put(canonical.duplicate()).put((byte) 40).put((byte) 0).flip(); // partition = 0, said

    assertThat(codeOf(new Entry(more, Optional.empty()))).isEqualTo(ErrorCode.CORRUPT_LOG);
  }

  @Test
  void refusesAKeyWithTheFieldsOfAnotherKind() {
    var key =
        GroupKey.newBuilder()
            .setKind(GroupKeyKind.GROUP_KEY_KIND_GROUP)
            .setGroup("app")
            .setPartition(3)
            .build();

    assertThat(codeOf(new Entry(ByteBuffer.wrap(key.toByteArray()), Optional.empty())))
        .isEqualTo(ErrorCode.CORRUPT_LOG);
  }

  @Test
  void refusesKindsAndVersionsOfALaterRelease() {
    var kind = GroupKey.newBuilder().setKindValue(99).setGroup("app").build();
    var offset = codec.encode(new GroupChange("app", new GroupEvent.OffsetGone(P0))).key();
    var version = OffsetValue.newBuilder().setVersion(2).setOffset(1).build();

    assertThat(codeOf(new Entry(ByteBuffer.wrap(kind.toByteArray()), Optional.empty())))
        .isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
    assertThat(codeOf(new Entry(offset, Optional.of(ByteBuffer.wrap(version.toByteArray())))))
        .isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
  }

  @Test
  void refusesBytesThatAreNoMessage() {
    var garbage = ByteBuffer.wrap(new byte[] {(byte) 0xff, 1, 2});
    var offset = codec.encode(new GroupChange("app", new GroupEvent.OffsetGone(P0))).key();

    assertThat(codeOf(new Entry(garbage, Optional.empty()))).isEqualTo(ErrorCode.CORRUPT_LOG);
    assertThat(codeOf(new Entry(offset, Optional.of(garbage)))).isEqualTo(ErrorCode.CORRUPT_LOG);
  }

  private ErrorCode codeOf(Entry entry) {
    return catchThrowableOfType(UnreadableGroupException.class, () -> codec.decode(entry))
        .why()
        .code();
  }

  /**
   * The worst that the limits allow: a thousand members of a group with a long name, fifty thousand
   * partitions, each in another hand than its neighbours, and each of them on its way.
   */
  @Test
  void writesTheLargestTargetWithinABatch() {
    var group = "\u20ac".repeat(GroupLimits.NAME_CHARS_MAX);
    int members = GroupLimits.MEMBERS_MAX;
    var seen = TreePMap.<TopicId, Integer>empty();
    long bytes = 0;
    for (int member = 0; member < members; member++) {
      var held = TreePMap.<PartitionId, Hold>empty();
      var target = TreePSet.<PartitionId>empty();
      for (int i = 0; i < GroupLimits.PARTITIONS_MAX / members; i++) {
        var topic = TopicId.of(i + 1, member);
        held = held.plus(new PartitionId(topic, 0), Hold.granted(1 << 24).revoked(1 << 25));
        target = target.plus(new PartitionId(TopicId.of(i + 1, members - member), 0));
        seen = seen.plus(topic, 1);
      }
      var holdings = new Holdings(1 << 25, 1, held, target, false, Optional.empty());
      bytes += size(group, new GroupEvent.HoldingsSet(MemberId.of(1, member), holdings));
    }
    var header =
        new GroupHeader(
            GroupProtocol.NATIVE,
            1 << 25,
            new Interest(1 << 25, 1 << 25, 1L << 40, -1),
            1L << 40,
            OptionalLong.empty(),
            seen,
            Optional.empty());
    bytes += size(group, new GroupEvent.GroupSet(header));

    assertThat(bytes).isLessThan(ShardLimits.BATCH_BYTES_MAX);
  }

  private long size(String group, GroupEvent event) {
    var entry = codec.encode(new GroupChange(group, event));
    return 20L + entry.key().remaining() + entry.value().orElseThrow().remaining();
  }
}
