package dev.naru.broker.grouplog;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.naru.broker.coordinator.GroupChange;
import dev.naru.broker.coordinator.GroupLogFormat;
import dev.naru.broker.group.GroupEvent;
import dev.naru.broker.group.GroupEvent.GroupGone;
import dev.naru.broker.group.GroupEvent.GroupSet;
import dev.naru.broker.group.GroupEvent.HoldingsGone;
import dev.naru.broker.group.GroupEvent.HoldingsSet;
import dev.naru.broker.group.GroupEvent.OffsetGone;
import dev.naru.broker.group.GroupEvent.OffsetSet;
import dev.naru.broker.group.GroupEvent.WishesGone;
import dev.naru.broker.group.GroupEvent.WishesSet;
import dev.naru.proto.internal.v1.GroupKey;
import dev.naru.proto.internal.v1.GroupKeyKind;
import dev.naru.proto.internal.v1.GroupValue;
import dev.naru.proto.internal.v1.HoldingsValue;
import dev.naru.proto.internal.v1.MemberValue;
import dev.naru.proto.internal.v1.OffsetValue;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The log of groups as protobuf: a {@code GroupKey} each, and the value of its kind, or none when
 * the key is gone. Without state, for any thread.
 */
public final class GroupLogCodec implements GroupLogFormat {

  @Override
  public Entry encode(GroupChange change) {
    var key = bytes(GroupKeys.of(change.group(), change.event()));
    return new Entry(key, value(change.event()).map(GroupLogCodec::bytes));
  }

  private static Optional<MessageLite> value(GroupEvent event) {
    return switch (event) {
      case GroupSet(var header) -> Optional.of(GroupValues.group(header));
      case WishesSet(_, var wishes) -> Optional.of(GroupValues.member(wishes));
      case HoldingsSet(_, var holdings) -> Optional.of(GroupValues.holdings(holdings));
      case OffsetSet(_, var committed) -> Optional.of(GroupValues.offset(committed));
      case GroupGone _, WishesGone _, HoldingsGone _, OffsetGone _ -> Optional.empty();
    };
  }

  @Override
  public Entry barrier() {
    return new Entry(bytes(GroupKeys.BARRIER), Optional.empty());
  }

  private static ByteBuffer bytes(MessageLite message) {
    return ByteBuffer.wrap(message.toByteArray());
  }

  @Override
  public Optional<GroupChange> decode(Entry entry) {
    var key = GroupKeys.read(entry.key());
    return key.getKind() == GroupKeyKind.GROUP_KEY_KIND_BARRIER
        ? Optional.empty()
        : Optional.of(new GroupChange(key.getGroup(), event(key, entry.value())));
  }

  private static GroupEvent event(GroupKey key, Optional<ByteBuffer> value) {
    return switch (key.getKind()) {
      case GROUP_KEY_KIND_GROUP ->
          value.isEmpty()
              ? new GroupGone()
              : new GroupSet(GroupValues.header(parsed(GroupValue.parser(), value.get())));
      case GROUP_KEY_KIND_MEMBER -> {
        var member = GroupKeys.memberOf(key);
        yield value.isEmpty()
            ? new WishesGone(member)
            : new WishesSet(member, GroupValues.wishes(parsed(MemberValue.parser(), value.get())));
      }
      case GROUP_KEY_KIND_HOLDINGS -> {
        var member = GroupKeys.memberOf(key);
        yield value.isEmpty()
            ? new HoldingsGone(member)
            : new HoldingsSet(
                member, GroupValues.holdings(parsed(HoldingsValue.parser(), value.get())));
      }
      case GROUP_KEY_KIND_OFFSET -> {
        var partition = GroupKeys.partitionOf(key);
        yield value.isEmpty()
            ? new OffsetGone(partition)
            : new OffsetSet(
                partition, GroupValues.committed(parsed(OffsetValue.parser(), value.get())));
      }
      case GROUP_KEY_KIND_BARRIER, GROUP_KEY_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw GroupKeys.corrupt("Expected a key of a group, but was " + key.getKind());
    };
  }

  private static <T> T parsed(Parser<T> parser, ByteBuffer bytes) {
    try {
      return parser.parseFrom(bytes.duplicate());
    } catch (InvalidProtocolBufferException e) {
      throw GroupKeys.corrupt("Expected a value of the log of groups, but: " + e.getMessage());
    }
  }
}
