package dev.naru.client.fake;

import dev.naru.proto.v1.AssignedPartition;
import dev.naru.proto.v1.AssignedTopic;
import dev.naru.proto.v1.Assignment;
import dev.naru.proto.v1.AttendRefusal;
import dev.naru.proto.v1.AttendRequest;
import dev.naru.proto.v1.AttendResponse;
import dev.naru.proto.v1.CommittedOffset;
import dev.naru.proto.v1.Heard;
import dev.naru.proto.v1.TopicPartitions;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

/** A member as its coordinator knows it. The group is its lock. */
final class FakeMember {

  private final UUID id;
  private final Map<PartitionId, Integer> granted = new TreeMap<>(); // with the epoch
  private final Map<PartitionId, Integer> revoked = new TreeMap<>(); // with that of the order
  private Set<String> topics = new TreeSet<>();
  private Optional<Stream> stream = Optional.empty();
  private long heard;

  FakeMember(UUID id) {
    this.id = id;
  }

  /** Where it hears. */
  interface Stream {
    void say(AttendResponse response);

    void refuse(AttendRefusal refusal);

    void breakOff();

    void end();
  }

  /** What it says. */
  record Message(long sequence, AttendRequest request) {}

  UUID id() {
    return id;
  }

  void come(Stream on, long sequence, Collection<String> wanted) {
    stream = Optional.of(on);
    heard = sequence;
    topics = new TreeSet<>(wanted);
  }

  void heard(long sequence) {
    heard = sequence;
  }

  void wants(Collection<String> wanted) {
    topics = new TreeSet<>(wanted);
  }

  boolean wants(String topic) {
    return topics.contains(topic);
  }

  /** Whether it was told to read it, and not to give it back. */
  boolean may(PartitionId partition) {
    return granted.containsKey(partition) && !revoked.containsKey(partition);
  }

  boolean holds(PartitionId partition) {
    return granted.containsKey(partition);
  }

  boolean owns(PartitionId partition, int epoch) {
    return holds(partition) && granted.getOrDefault(partition, 0) <= epoch;
  }

  void dropAll() {
    granted.clear();
    revoked.clear();
  }

  /** Has done as it was told up to this epoch. */
  void holding(List<TopicPartitions> partitions, int epoch) {
    var held = new TreeSet<PartitionId>();
    for (var topic : partitions) {
      var uuid = topic.getTopicId();
      topic
          .getPartitionsList()
          .forEach(number ->
              held.add(new PartitionId(TopicId.of(uuid.getHigh(), uuid.getLow()), number)));
    }
    revoked.entrySet().stream()
        .filter(each -> each.getValue() <= epoch && !held.contains(each.getKey()))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(partition -> {
          revoked.remove(partition);
          granted.remove(partition);
        });
  }

  boolean revokeAllBut(Set<PartitionId> target, int epoch) {
    var gone =
        granted.keySet().stream().filter(this::may).filter(p -> !target.contains(p)).toList();
    gone.forEach(partition -> revoked.put(partition, epoch));
    return !gone.isEmpty();
  }

  boolean grant(PartitionId partition, int epoch) {
    return granted.putIfAbsent(partition, epoch) == null;
  }

  boolean renew(PartitionId partition, int epoch) {
    return granted.replace(partition, epoch) != null;
  }

  void tell(
      int epoch,
      Function<TopicId, String> names,
      Map<PartitionId, CommittedOffset> offsets,
      Set<PartitionId> fromStart) {
    var topicsTold = new TreeMap<TopicId, AssignedTopic.Builder>();
    granted.forEach((partition, grantedEpoch) -> {
      if (may(partition)) {
        var told =
            AssignedPartition.newBuilder()
                .setPartition(partition.partition())
                .setGrantedEpoch(grantedEpoch)
                .setFromStart(fromStart.contains(partition));
        Optional.ofNullable(offsets.get(partition)).ifPresent(told::setCommitted);
        topicsTold
            .computeIfAbsent(
                partition.topic(),
                topic ->
                    AssignedTopic.newBuilder()
                        .setTopicId(FakeMetadata.uuid(topic))
                        .setTopic(names.apply(topic)))
            .addPartitions(told);
      }
    });
    var assignment = Assignment.newBuilder().setMemberEpoch(epoch);
    topicsTold.values().forEach(assignment::addTopics);
    say(AttendResponse.newBuilder().setAssignment(assignment));
  }

  void say(AttendResponse.Builder response) {
    stream.ifPresent(open -> open.say(response.setHeard(heard).build()));
  }

  void ack() {
    say(AttendResponse.newBuilder().setAck(Heard.getDefaultInstance()));
  }

  void refuse(AttendRefusal refusal) {
    stream.ifPresent(open -> open.refuse(refusal));
    stream = Optional.empty();
  }

  void breakOff() {
    stream.ifPresent(Stream::breakOff);
    stream = Optional.empty();
  }

  void end() {
    stream.ifPresent(Stream::end);
    stream = Optional.empty();
  }
}
