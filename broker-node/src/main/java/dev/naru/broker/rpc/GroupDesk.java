package dev.naru.broker.rpc;

import com.google.protobuf.Empty;
import dev.naru.broker.coordinator.GroupLags;
import dev.naru.broker.coordinator.ShardInput;
import dev.naru.broker.coordinator.ShardInput.DeleteAsked;
import dev.naru.broker.coordinator.ShardInput.DeleteOffsetsAsked;
import dev.naru.broker.coordinator.ShardInput.ImagesAnswer;
import dev.naru.broker.coordinator.ShardInput.ImagesAsked;
import dev.naru.broker.coordinator.ShardInput.RemoveAsked;
import dev.naru.broker.coordinator.ShardInput.Which;
import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupCommand.Delete;
import dev.naru.broker.group.GroupCommand.DeleteOffsets;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.GroupMachine;
import dev.naru.broker.group.MemberId;
import dev.naru.broker.rpc.GroupViews.NamedPartition;
import dev.naru.proto.admin.v1.DeleteGroupRequest;
import dev.naru.proto.admin.v1.DeleteOffsetsRequest;
import dev.naru.proto.admin.v1.DeleteOffsetsResponse;
import dev.naru.proto.admin.v1.DeletedOffset;
import dev.naru.proto.admin.v1.GetGroupRequest;
import dev.naru.proto.admin.v1.Group;
import dev.naru.proto.admin.v1.GroupOffset;
import dev.naru.proto.admin.v1.ListGroupOffsetsRequest;
import dev.naru.proto.admin.v1.ListGroupOffsetsResponse;
import dev.naru.proto.admin.v1.ListGroupsRequest;
import dev.naru.proto.admin.v1.RemoveMemberRequest;
import dev.naru.proto.admin.v1.ResetOffsetsRequest;
import dev.naru.proto.admin.v1.ResetOffsetsResponse;
import dev.naru.proto.internal.v1.AskCoordinatorRequest;
import dev.naru.proto.internal.v1.AskCoordinatorResponse;
import dev.naru.proto.internal.v1.CoordinatedGroups;
import dev.naru.proto.internal.v1.SilentShard;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.pcollections.TreePMap;

/**
 * Answers what operators ask of the groups that are coordinated on this node. All that is told of a
 * group is no older than the question. For threads that may wait.
 */
public final class GroupDesk {

  /** Offsets that a group is described with; the rest is listed in pages. */
  private static final int OFFSETS_DESCRIBED_MAX = 1_000;

  private final NodeId self;
  private final Supplier<ClusterSnapshot> cluster;
  private final ShardCalls shards;
  private final GroupMachine machine;
  private final GroupResets resets;
  private final GroupLags lags;

  GroupDesk(
      NodeId self,
      Supplier<ClusterSnapshot> cluster,
      ShardCalls shards,
      GroupMachine machine,
      LeaderOffsets leaders,
      GroupLags lags) {
    this.self = self;
    this.cluster = cluster;
    this.shards = shards;
    this.machine = machine;
    this.resets = new GroupResets(cluster, machine, leaders, shards);
    this.lags = lags;
  }

  /**
   * The answer, of the kind that was asked for.
   *
   * @throws StatusRuntimeException if there is none, and why: NOT_LEADER, if this node does not
   *     coordinate that group
   */
  public AskCoordinatorResponse answer(AskCoordinatorRequest asked) {
    var answer = AskCoordinatorResponse.newBuilder();
    switch (asked.getQuestionCase()) {
      case LIST_GROUPS -> answer.setGroups(list(asked.getListGroups()));
      case GET_GROUP -> answer.setGroup(get(asked.getGetGroup()));
      case LIST_OFFSETS -> answer.setOffsets(listOffsets(asked.getListOffsets()));
      case RESET_OFFSETS -> answer.setChanges(reset(asked.getResetOffsets()));
      case DELETE_OFFSETS -> answer.setForgotten(deleteOffsets(asked.getDeleteOffsets()));
      case DELETE_GROUP -> answer.setDone(delete(asked.getDeleteGroup()));
      case REMOVE_MEMBER -> answer.setDone(remove(asked.getRemoveMember()));
      case QUESTION_NOT_SET ->
          throw ErrorStatus.of(
              new Refused(ErrorCode.INVALID_REQUEST, "Expected a question, but there is none"));
    }
    return answer.build();
  }

  // ---- lists

  private CoordinatedGroups list(ListGroupsRequest request) {
    var states = EnumSet.noneOf(Group.State.class);
    states.addAll(request.getStatesList());
    var answer = CoordinatedGroups.newBuilder();
    var found = new ArrayList<GroupImage>();
    shards
        .<ImagesAnswer>askAll(
            told -> new ImagesAsked(Optional.empty(), told), ImagesAnswer.Unknown::new)
        .forEach((number, told) -> {
          switch (told) {
            case ImagesAnswer.Found(var groups) -> {
              answer.addShards(number);
              found.addAll(groups);
            }
            case ImagesAnswer.Unknown(var why) ->
                answer.addSilent(
                    SilentShard.newBuilder()
                        .setShard(number)
                        .setError(ProtoIds.code(why.code()))
                        .setErrorMessage(why.reason()));
          }
        });
    found.removeIf(image -> !states.isEmpty() && !states.contains(GroupViews.state(image)));
    found.sort(Comparator.comparing(GroupImage::group));
    var page =
        Paging.of(
            found,
            request.getPageSize(),
            request.getPageToken(),
            GroupImage::group,
            Function.identity());
    page.items().forEach(image -> answer.addGroups(GroupViews.summary(image, self)));
    return answer.setHasMore(!page.nextToken().isEmpty()).build();
  }

  // ---- one group

  /** The group as it is agreed on now; one that nothing is known of, if there is none. */
  private GroupImage image(String group) {
    ImagesAnswer answer =
        shards.<ImagesAnswer>ask(
            group, told -> new ImagesAsked(Optional.of(group), told), ImagesAnswer.Unknown::new);
    return switch (answer) {
      case ImagesAnswer.Found(var groups) ->
          groups.stream().findFirst().orElseGet(() -> GroupImage.empty(group));
      case ImagesAnswer.Unknown(var why) -> throw ErrorStatus.of(why);
    };
  }

  private GroupImage existing(String resourceName) {
    var image = image(GroupDirectory.groupOf(resourceName));
    if (!image.exists()) {
      throw GroupDirectory.notFound(image.group());
    }
    return image;
  }

  private Group get(GetGroupRequest request) {
    var image = existing(request.getName());
    var topics = cluster.get().image();
    var named = GroupViews.named(image.offsets().keySet(), topics);
    var shown = named.subList(0, Math.min(named.size(), OFFSETS_DESCRIBED_MAX));
    var known = lags.of(image.group(), offsetsOf(image, shown));
    var described =
        GroupViews.summary(image, self).toBuilder()
            .setOffsetCount(named.size())
            .addAllMembers(GroupViews.members(image, topics))
            .addAllAdvice(lags.advice(image, known));
    for (var at : shown) {
      image
          .committed(at.id())
          .ifPresent(
              committed -> described.addOffsets(GroupViews.offset(image, at, committed, known)));
    }
    return described.build();
  }

  private ListGroupOffsetsResponse listOffsets(ListGroupOffsetsRequest request) {
    var image = existing(request.getName());
    var page =
        Paging.of(
            GroupViews.named(image.offsets().keySet(), cluster.get().image()),
            request.getPageSize(),
            request.getPageToken(),
            OffsetKey::of,
            OffsetKey::parse);
    var known = lags.of(image.group(), offsetsOf(image, page.items()));
    var response = ListGroupOffsetsResponse.newBuilder().setNextPageToken(page.nextToken());
    List<GroupOffset> offsets = new ArrayList<>();
    for (var at : page.items()) {
      image
          .committed(at.id())
          .ifPresent(committed -> offsets.add(GroupViews.offset(image, at, committed, known)));
    }
    return response.addAllOffsets(offsets).build();
  }

  private static TreePMap<PartitionId, Committed> offsetsOf(
      GroupImage image, List<NamedPartition> partitions) {
    var offsets = TreePMap.<PartitionId, Committed>empty();
    for (var at : partitions) {
      var committed = image.committed(at.id());
      if (committed.isPresent()) {
        offsets = offsets.plus(at.id(), committed.get());
      }
    }
    return offsets;
  }

  /** Where a page of offsets ends, as its token says it. */
  private record OffsetKey(String topic, int partition) implements Comparable<OffsetKey> {

    private static final Comparator<OffsetKey> ORDER =
        Comparator.comparing(OffsetKey::topic).thenComparingInt(OffsetKey::partition);

    static OffsetKey of(NamedPartition at) {
      return new OffsetKey(at.topic(), at.partition());
    }

    static OffsetKey parse(String token) {
      int slash = token.lastIndexOf('/');
      if (slash < 0) {
        throw new IllegalArgumentException(token);
      }
      return new OffsetKey(token.substring(0, slash), Integer.parseInt(token.substring(slash + 1)));
    }

    @Override
    public int compareTo(OffsetKey other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return topic + "/" + partition;
    }
  }

  // ---- changes

  private ResetOffsetsResponse reset(ResetOffsetsRequest request) {
    return resets.reset(image(GroupDirectory.groupOf(request.getName())), request);
  }

  private DeleteOffsetsResponse deleteOffsets(DeleteOffsetsRequest request) {
    var before = image(GroupDirectory.groupOf(request.getName()));
    var topics = cluster.get().image();
    var chosen = GroupResets.chosen(topics, request.getOffsetsList());
    if (request.getValidateOnly()) {
      refuse(machine.whyNot(before, new DeleteOffsets(chosen)));
    } else {
      refuse(ask(before.group(), done -> new DeleteOffsetsAsked(before.group(), chosen, done)));
    }
    var response = DeleteOffsetsResponse.newBuilder();
    for (var at : GroupViews.named(chosen.keySet(), topics)) {
      before
          .committed(at.id())
          .ifPresent(gone ->
              response.addOffsets(
                  DeletedOffset.newBuilder()
                      .setTopic(TopicCodec.resourceName(at.topic()))
                      .setPartition(at.partition())
                      .setOffset(gone.offset())));
    }
    return response.build();
  }

  private Empty delete(DeleteGroupRequest request) {
    var group = GroupDirectory.groupOf(request.getName());
    if (request.getValidateOnly()) {
      refuse(machine.whyNot(image(group), new Delete()));
    } else {
      refuse(ask(group, done -> new DeleteAsked(group, done)));
    }
    return Empty.getDefaultInstance();
  }

  private Empty remove(RemoveMemberRequest request) {
    var group = GroupDirectory.groupOf(request.getName());
    var member = which(request);
    refuse(ask(group, done -> new RemoveAsked(group, member, done)));
    return Empty.getDefaultInstance();
  }

  private static Which which(RemoveMemberRequest request) {
    return switch (request.getMemberCase()) {
      case ID -> new Which.ById(memberId(request.getId()));
      case INSTANCE_ID -> new Which.ByInstance(request.getInstanceId());
      case MEMBER_NOT_SET ->
          throw NamedTopics.invalid("member", "an id or an instance_id", "neither");
    };
  }

  private static MemberId memberId(String text) {
    try {
      return new MemberId(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      throw NamedTopics.invalid("id", "the UUID of a member", text);
    }
  }

  private Optional<Refused> ask(
      String group, Function<Consumer<Optional<Refused>>, ShardInput> question) {
    return shards.<Optional<Refused>>ask(group, question, Optional::of);
  }

  private static void refuse(Optional<Refused> why) {
    why.ifPresent(refused -> {
      throw ErrorStatus.of(refused);
    });
  }
}
