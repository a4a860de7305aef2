package dev.naru.broker.coordinator;

import dev.naru.broker.coordinator.ShardInput.CommitAnswer;
import dev.naru.broker.coordinator.ShardInput.CommitAsked;
import dev.naru.broker.coordinator.ShardInput.DeleteAsked;
import dev.naru.broker.coordinator.ShardInput.DeleteOffsetsAsked;
import dev.naru.broker.coordinator.ShardInput.ImagesAnswer;
import dev.naru.broker.coordinator.ShardInput.ImagesAsked;
import dev.naru.broker.coordinator.ShardInput.OffsetsAnswer;
import dev.naru.broker.coordinator.ShardInput.OffsetsAsked;
import dev.naru.broker.coordinator.ShardInput.RemoveAsked;
import dev.naru.broker.coordinator.ShardInput.ResetAsked;
import dev.naru.broker.coordinator.ShardInput.WatchAsked;
import dev.naru.broker.coordinator.ShardInput.Which;
import dev.naru.broker.coordinator.Submitted.Denied;
import dev.naru.broker.coordinator.Submitted.Done;
import dev.naru.broker.coordinator.Submitted.NotWritten;
import dev.naru.broker.group.Cause;
import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupCommand;
import dev.naru.broker.group.GroupCommand.Commit;
import dev.naru.broker.group.GroupCommand.Delete;
import dev.naru.broker.group.GroupCommand.DeleteOffsets;
import dev.naru.broker.group.GroupCommand.Expire;
import dev.naru.broker.group.GroupCommand.KnownTopics;
import dev.naru.broker.group.GroupCommand.Reset;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.Member;
import dev.naru.broker.group.MemberId;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Answers calls: what changes something once that is committed, and what only reads once a write
 * that came after the question is. So nobody is told of an older state than another was told of
 * before, whichever node answered that one.
 */
final class CallDesk {

  private final GroupTable table;
  private final GroupCommands commands;
  private final GroupDeadlines deadlines;
  private final WaitingReplies replies;
  private final UnwrittenAnswers unwritten;
  private final ShardPorts ports;

  CallDesk(
      GroupTable table,
      GroupCommands commands,
      GroupDeadlines deadlines,
      WaitingReplies replies,
      UnwrittenAnswers unwritten,
      ShardPorts ports) {
    this.table = table;
    this.commands = commands;
    this.deadlines = deadlines;
    this.replies = replies;
    this.unwritten = unwritten;
    this.ports = ports;
  }

  // ---- writes

  void commit(CommitAsked asked) {
    var commits = asked.commits();
    long now = ports.wallMillis().getAsLong();
    write(
        commits.group(),
        new Commit(
            commits.member(),
            commits.epoch(),
            stamped(commits.offsets(), now),
            topicsOf(commits.offsets()),
            now),
        asked.answer());
  }

  void reset(ResetAsked asked) {
    long now = ports.wallMillis().getAsLong();
    write(
        asked.group(),
        new Reset(stamped(asked.offsets(), now), topicsOf(asked.offsets()), now),
        asked.answer());
  }

  /** When something was kept is a matter of this node's clock, whatever others think it is. */
  private static TreePMap<PartitionId, Committed> stamped(
      TreePMap<PartitionId, Committed> offsets, long now) {
    var stamped = offsets;
    for (var entry : offsets.entrySet()) {
      var asked = entry.getValue();
      stamped =
          stamped.plus(
              entry.getKey(), new Committed(asked.offset(), asked.epoch(), asked.metadata(), now));
    }
    return stamped;
  }

  private void write(String group, GroupCommand command, Consumer<CommitAnswer> answer) {
    Consumer<Refused> notKept = why -> answer.accept(new CommitAnswer.NotKept(why));
    if (unwritten.isFull()) {
      notKept.accept(UnwrittenAnswers.tooMany());
      return;
    }
    switch (commands.submit(group, command)) {
      case Done(long end, boolean isChange, var refused) -> {
        Runnable kept = () -> answer.accept(new CommitAnswer.Kept(refused));
        if (isChange) {
          await(end, kept, notKept);
        } else {
          unwritten.decided(end, kept, notKept);
        }
      }
      case Denied(long end, var why) -> unwritten.decided(end, () -> notKept.accept(why), notKept);
      case NotWritten(var why) -> notKept.accept(why);
    }
  }

  /** What this node knows of the topics that offsets are to be kept of. */
  private KnownTopics topicsOf(TreePMap<PartitionId, Committed> offsets) {
    var partitions = TreePMap.<TopicId, Integer>empty();
    var deleted = TreePSet.<TopicId>empty();
    for (var partition : offsets.keySet()) {
      var topic = partition.topic();
      if (partitions.containsKey(topic) || deleted.contains(topic)) {
        continue;
      }
      var count = ports.topics().partitionsOf(topic);
      if (count.isPresent()) {
        partitions = partitions.plus(topic, count.getAsInt());
      } else if (ports.topics().isDeleted(topic)) {
        deleted = deleted.plus(topic);
      }
    }
    return new KnownTopics(partitions, deleted);
  }

  void delete(DeleteAsked asked) {
    delete(
        new Removal(asked.group(), new Delete(), image -> !image.isEmpty(), asked.done()), false);
  }

  void deleteOffsets(DeleteOffsetsAsked asked) {
    var partitions = asked.partitions().keySet();
    delete(
        new Removal(
            asked.group(),
            new DeleteOffsets(asked.partitions()),
            image -> image.offsets().keySet().stream().anyMatch(partitions::contains),
            asked.done()),
        false);
  }

  /**
   * What goes in portions.
   *
   * @param isLeft whether something is left of it
   */
  private record Removal(
      String group,
      GroupCommand command,
      Predicate<GroupImage> isLeft,
      Consumer<Optional<Refused>> done) {}

  /** Portion by portion: the next one when the one before is committed. */
  private void delete(Removal asked, boolean hasBegun) {
    Consumer<Refused> refused = why -> asked.done().accept(Optional.of(why));
    if (unwritten.isFull()) {
      refused.accept(UnwrittenAnswers.tooMany());
      return;
    }
    switch (commands.submit(asked.group(), asked.command())) {
      case Done(long end, boolean isChange, _) -> {
        // What comes once the last portion is written is not what was to be deleted.
        boolean isLeft = isChange && asked.isLeft().test(table.slot(asked.group()).image());
        await(
            end,
            () -> {
              if (isLeft) {
                delete(asked, true);
              } else {
                asked.done().accept(Optional.empty());
              }
            },
            refused);
      }
      case Denied(long end, var why) ->
          unwritten.decided(
              end,
              () ->
                  asked
                      .done()
                      .accept(
                          hasBegun && why.code() == ErrorCode.GROUP_NOT_FOUND
                              ? Optional.empty()
                              : Optional.of(why)),
              refused);
      case NotWritten(var why) -> refused.accept(why);
    }
  }

  /** Whether it lives no coordinator can know: who asks for this says that it does not. */
  void remove(RemoveAsked asked) {
    Consumer<Refused> refused = why -> asked.done().accept(Optional.of(why));
    if (unwritten.isFull()) {
      refused.accept(UnwrittenAnswers.tooMany());
      return;
    }
    var slot = table.slot(asked.group());
    var member = memberOf(slot.image(), asked.member());
    if (member.isEmpty()) {
      var why = noSuchMember(slot.image(), asked.member());
      unwritten.decided(slot.end(), () -> refused.accept(why), refused);
      return;
    }
    slot.cause(Cause.ASKED);
    var seen = ports.topics().seen(slot.subscribed());
    var command = new Expire(member.get(), Cause.ASKED, seen, ports.wallMillis().getAsLong());
    switch (commands.submit(asked.group(), command)) {
      case Done(long end, _, _) -> {
        ports.notices().memberGone(asked.group(), member.get().toString(), "asked");
        await(end, () -> asked.done().accept(Optional.empty()), refused);
      }
      case Denied(long end, var why) -> unwritten.decided(end, () -> refused.accept(why), refused);
      case NotWritten(var why) -> refused.accept(why);
    }
  }

  private static Optional<MemberId> memberOf(GroupImage image, Which which) {
    return switch (which) {
      case Which.ById(var id) -> image.member(id).map(Member::id);
      case Which.ByInstance(var instance) -> image.instance(instance).map(Member::id);
    };
  }

  private static Refused noSuchMember(GroupImage image, Which which) {
    var group = image.group();
    if (!image.exists()) {
      return new Refused(
          ErrorCode.GROUP_NOT_FOUND,
          "Expected an existing group, but there is none called " + group);
    }
    return new Refused(
        ErrorCode.FENCED_MEMBER,
        switch (which) {
          case Which.ById(var id) ->
              "Expected a member of group %s, but %s is none".formatted(group, id);
          case Which.ByInstance(var instance) ->
              "Expected a member of group %s, but none has the instance id %s"
                  .formatted(group, instance);
        });
  }

  private void await(long end, Runnable committed, Consumer<Refused> refused) {
    replies.await(end, committed, refused, deadlines.in(ShardLimits.WAIT_MAX));
  }

  // ---- reads

  void offsets(OffsetsAsked asked) {
    read(
        () -> asked.answer().accept(new OffsetsAnswer.Found(found(asked))),
        why -> asked.answer().accept(new OffsetsAnswer.Unknown(why)));
  }

  private TreePMap<PartitionId, Committed> found(OffsetsAsked asked) {
    var all = table.slot(asked.group()).committed().offsets();
    if (asked.partitions().isEmpty()) {
      return all;
    }
    var found = TreePMap.<PartitionId, Committed>empty();
    for (var partition : asked.partitions().get()) {
      var committed = all.get(partition);
      if (committed != null) {
        found = found.plus(partition, committed);
      }
    }
    return found;
  }

  void images(ImagesAsked asked) {
    read(
        () -> asked.answer().accept(new ImagesAnswer.Found(images(asked.group()))),
        why -> asked.answer().accept(new ImagesAnswer.Unknown(why)));
  }

  /** Without a write as long as this node's image is current: then nobody else led for long. */
  void watch(WatchAsked asked) {
    Consumer<Refused> refused = why -> asked.answer().accept(new ImagesAnswer.Unknown(why));
    if (unwritten.isFull()) {
      refused.accept(UnwrittenAnswers.tooMany());
    } else {
      unwritten.decided(
          0, // what is committed is shown, and nothing else is waited for
          () -> asked.answer().accept(new ImagesAnswer.Found(images(Optional.empty()))),
          refused);
    }
  }

  private List<GroupImage> images(Optional<String> group) {
    var slots = group.isPresent() ? table.known(group.get()).stream() : table.all().stream();
    return slots.map(GroupSlot::committed).filter(GroupImage::exists).toList();
  }

  private void read(Runnable read, Consumer<Refused> refused) {
    if (unwritten.isFull()) {
      refused.accept(UnwrittenAnswers.tooMany());
    } else {
      unwritten.read(read, refused);
    }
  }
}
