package dev.naru.client.admin;

import com.google.protobuf.Timestamp;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.transport.GroupAdminCalls;
import dev.naru.proto.admin.v1.DeleteGroupRequest;
import dev.naru.proto.admin.v1.DeleteOffsetsRequest;
import dev.naru.proto.admin.v1.GetGroupRequest;
import dev.naru.proto.admin.v1.Group;
import dev.naru.proto.admin.v1.ListGroupOffsetsRequest;
import dev.naru.proto.admin.v1.ListGroupsRequest;
import dev.naru.proto.admin.v1.OffsetChoice;
import dev.naru.proto.admin.v1.OffsetReset;
import dev.naru.proto.admin.v1.RemoveMemberRequest;
import dev.naru.proto.admin.v1.ResetOffsetsRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What {@link Admin} asks about groups. Its futures complete on the client's loop. */
final class GroupCalls {

  private static final int PAGE_SIZE = 1000; // the most that a node returns

  private final GroupAdminCalls calls;

  GroupCalls(GroupAdminCalls calls) {
    this.calls = calls;
  }

  // ---- lists

  /** In any of these states; in any at all, if there are none given. */
  CompletableFuture<GroupListing> list(Collection<GroupSummary.State> states) {
    var request = ListGroupsRequest.newBuilder().setPageSize(PAGE_SIZE);
    states.forEach(state -> request.addStates(GroupDescriptions.state(state)));
    return listFrom(request.build(), List.of(), new LinkedHashMap<>());
  }

  /** A warning that comes with every page is told once. */
  private CompletableFuture<GroupListing> listFrom(
      ListGroupsRequest page, List<GroupSummary> before, Map<String, GroupWarning> warnings) {
    return calls
        .listGroups(page)
        .thenCompose(answer -> {
          var groups = new ArrayList<>(before);
          answer.getGroupsList().forEach(group -> groups.add(GroupDescriptions.summary(group)));
          answer
              .getWarningsList()
              .forEach(warning ->
                  warnings.put(
                      warning.getCode(),
                      new GroupWarning(warning.getCode(), warning.getMessage())));
          return answer.getNextPageToken().isEmpty()
              ? CompletableFuture.completedFuture(
                  new GroupListing(groups, List.copyOf(warnings.values())))
              : listFrom(
                  page.toBuilder().setPageToken(answer.getNextPageToken()).build(),
                  groups,
                  warnings);
        });
  }

  // ---- one group

  CompletableFuture<GroupDescription> describe(String group) {
    return calls
        .getGroup(
            GetGroupRequest.newBuilder().setName(GroupDescriptions.groupResource(group)).build())
        .thenCompose(described ->
            offsets(described)
                .thenApply(offsets -> GroupDescriptions.description(described, offsets)));
  }

  /** The description has them all, unless they are many. */
  private CompletableFuture<List<GroupOffset>> offsets(Group described) {
    return described.getOffsetsCount() >= described.getOffsetCount()
        ? CompletableFuture.completedFuture(
            described.getOffsetsList().stream().map(GroupDescriptions::offset).toList())
        : offsetsFrom(described.getName(), "", List.of());
  }

  private CompletableFuture<List<GroupOffset>> offsetsFrom(
      String group, String page, List<GroupOffset> before) {
    var request =
        ListGroupOffsetsRequest.newBuilder()
            .setName(group)
            .setPageSize(PAGE_SIZE)
            .setPageToken(page)
            .build();
    return calls
        .listGroupOffsets(request)
        .thenCompose(answer -> {
          var offsets = new ArrayList<>(before);
          answer.getOffsetsList().forEach(offset -> offsets.add(GroupDescriptions.offset(offset)));
          return answer.getNextPageToken().isEmpty()
              ? CompletableFuture.completedFuture(offsets)
              : offsetsFrom(group, answer.getNextPageToken(), offsets);
        });
  }

  // ---- changes

  CompletableFuture<List<OffsetChange>> reset(
      String group, Map<TopicPartition, Position> positions, boolean isDryRun) {
    var request =
        ResetOffsetsRequest.newBuilder()
            .setName(GroupDescriptions.groupResource(group))
            .setValidateOnly(isDryRun);
    new TreeMap<>(positions)
        .forEach((partition, position) -> request.addResets(reset(partition, position)));
    return calls
        .resetOffsets(request.build())
        .thenApply(
            answer -> answer.getChangesList().stream().map(GroupDescriptions::change).toList());
  }

  private static OffsetReset reset(TopicPartition partition, Position position) {
    var reset =
        OffsetReset.newBuilder()
            .setTopic(Descriptions.topicResource(partition.topic()))
            .setPartition(partition.partition());
    if (position instanceof Position.Offset at) {
      reset.setOffset(at.offset());
    } else if (position instanceof Position.Time at) {
      reset.setTime(timestamp(at.time()));
    } else if (position instanceof Position.End) {
      reset.setLatest(true);
    } else {
      reset.setEarliest(true);
    }
    return reset.build();
  }

  private static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  CompletableFuture<SortedMap<TopicPartition, Long>> deleteOffsets(
      String group, Collection<TopicPartition> of, boolean isDryRun) {
    var request =
        DeleteOffsetsRequest.newBuilder()
            .setName(GroupDescriptions.groupResource(group))
            .setValidateOnly(isDryRun);
    new TreeSet<>(of)
        .forEach(partition ->
            request.addOffsets(
                OffsetChoice.newBuilder()
                    .setTopic(Descriptions.topicResource(partition.topic()))
                    .setPartition(partition.partition())));
    return calls.deleteOffsets(request.build()).thenApply(GroupDescriptions::deleted);
  }

  CompletableFuture<Void> delete(String group, boolean isDryRun) {
    return calls
        .deleteGroup(
            DeleteGroupRequest.newBuilder()
                .setName(GroupDescriptions.groupResource(group))
                .setValidateOnly(isDryRun)
                .build())
        .thenAccept(empty -> {});
  }

  CompletableFuture<Void> remove(String group, UUID member) {
    return remove(removal(group).setId(member.toString()));
  }

  CompletableFuture<Void> removeInstance(String group, String instance) {
    return remove(removal(group).setInstanceId(instance));
  }

  private CompletableFuture<Void> remove(RemoveMemberRequest.Builder request) {
    return calls.removeMember(request.build()).thenAccept(empty -> {});
  }

  private static RemoveMemberRequest.Builder removal(String group) {
    return RemoveMemberRequest.newBuilder().setName(GroupDescriptions.groupResource(group));
  }
}
