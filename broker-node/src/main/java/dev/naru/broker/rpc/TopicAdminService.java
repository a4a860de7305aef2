package dev.naru.broker.rpc;

import com.google.protobuf.Empty;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.CreateTopics;
import dev.naru.metadata.command.DeleteTopic;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.event.MetadataEvent.TopicCreated;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.machine.ConfigSubmission;
import dev.naru.metadata.machine.Decision;
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.proto.admin.v1.AddPartitionsRequest;
import dev.naru.proto.admin.v1.AlterTopicConfigsRequest;
import dev.naru.proto.admin.v1.CreateTopicRequest;
import dev.naru.proto.admin.v1.CreateTopicResult;
import dev.naru.proto.admin.v1.CreateTopicsRequest;
import dev.naru.proto.admin.v1.CreateTopicsResponse;
import dev.naru.proto.admin.v1.DeleteTopicRequest;
import dev.naru.proto.admin.v1.GetTopicRequest;
import dev.naru.proto.admin.v1.ListTopicsRequest;
import dev.naru.proto.admin.v1.ListTopicsResponse;
import dev.naru.proto.admin.v1.Topic;
import dev.naru.proto.admin.v1.TopicAdminServiceGrpc.TopicAdminServiceImplBase;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Creates, shows, changes and deletes topics. */
public final class TopicAdminService extends TopicAdminServiceImplBase {

  /** Of all topics of a call: ten entries of the metadata log, which take about a second. */
  private static final int PARTITIONS_MAX = 10 * MetadataCommand.ENTRIES_MAX;

  private final NodeId self;
  private final Supplier<ClusterSnapshot> cluster;
  private final MetadataChanges changes;
  private final RandomGenerator dice;
  private final LongSupplier wallMillis;
  private final TopicBatch batch;
  private final TopicChanges existing;

  /** Answers from this view and makes changes through these; the dice draw ids and placements. */
  public TopicAdminService(
      NodeId self,
      Supplier<ClusterSnapshot> cluster,
      MetadataChanges changes,
      RandomGenerator dice,
      LongSupplier wallMillis) {
    this.self = self;
    this.cluster = cluster;
    this.changes = changes;
    this.dice = dice;
    this.wallMillis = wallMillis;
    this.batch = new TopicBatch(self, changes::make, wallMillis);
    this.existing = new TopicChanges(self, cluster, changes::make, dice, AccessInterceptor::caller);
  }

  @Override
  public void createTopic(CreateTopicRequest request, StreamObserver<Topic> response) {
    UnaryCalls.answer(response, () -> create(request));
  }

  private Topic create(CreateTopicRequest request) {
    var command = decode(request, cluster.get().image());
    if (request.getValidateOnly()) {
      return wouldCreate(command);
    }
    var image = changes.make(command).image();
    return image
        .topic(command.id())
        .map(topic -> withWarnings(image, topic))
        .orElseThrow(
            () -> NamedTopics.notFound(request.getTopic())); // deleted again in the meantime
  }

  @Override
  public void createTopics(
      CreateTopicsRequest request, StreamObserver<CreateTopicsResponse> response) {
    UnaryCalls.answer(response, () -> create(request));
  }

  private CreateTopicsResponse create(CreateTopicsRequest request) {
    int count = request.getTopicsCount();
    if (count > CreateTopics.TOPICS_MAX) {
      throw ErrorStatus.of(
          new Refused(
              ErrorCode.LIMIT_EXCEEDED,
              "Expected at most %d topics, but were %d".formatted(CreateTopics.TOPICS_MAX, count)));
    }
    var image = cluster.get().image(); // once: it looks at the quorum, too
    var results = new TreeMap<Integer, CreateTopicResult>();
    var wanted = new TreeMap<Integer, CreateTopic>();
    for (int i = 0; i < count; i++) {
      var each = request.getTopics(i);
      try {
        var command = decode(each, image);
        if (each.getValidateOnly()) {
          results.put(i, made(wouldCreate(command)));
        } else {
          wanted.put(i, command);
        }
      } catch (StatusRuntimeException refused) {
        results.put(i, notMade(refused));
      }
    }
    refuseTooMany(wanted.values(), image);
    batch.create(wanted).forEach((i, result) -> results.put(i, encode(result)));
    return CreateTopicsResponse.newBuilder().addAllResults(results.values()).build();
  }

  private static void refuseTooMany(Collection<CreateTopic> topics, ClusterImage image) {
    int byDefault = image.defaults().partitions();
    long partitions =
        topics.stream().mapToLong(topic -> topic.partitions().orElse(byDefault)).sum();
    if (partitions > PARTITIONS_MAX) {
      throw ErrorStatus.of(
          new Refused(
              ErrorCode.LIMIT_EXCEEDED,
              "Expected at most %d partitions of all topics together, but were %d"
                  .formatted(PARTITIONS_MAX, partitions)));
    }
  }

  private static CreateTopicResult encode(TopicBatch.Result result) {
    return switch (result) {
      case TopicBatch.Result.Created(var applied, var topic) ->
          made(withWarnings(applied.image(), topic));
      case TopicBatch.Result.Refusal(var why) -> notMade(ErrorStatus.of(why));
    };
  }

  private static CreateTopicResult made(Topic topic) {
    return CreateTopicResult.newBuilder().setTopic(topic).build();
  }

  private static CreateTopicResult notMade(StatusRuntimeException refused) {
    return CreateTopicResult.newBuilder().setError(StatusProto.fromThrowable(refused)).build();
  }

  private CreateTopic decode(CreateTopicRequest request, ClusterImage image) {
    if (request.getConfigsCount() > TopicCodec.CONFIGS_MAX) {
      throw ErrorStatus.of(
          new Refused(
              ErrorCode.LIMIT_EXCEEDED,
              "Expected at most %d configs, but were %d"
                  .formatted(TopicCodec.CONFIGS_MAX, request.getConfigsCount())));
    }
    var command =
        new CreateTopic(
            idOf(request),
            request.getTopic(),
            request.hasPartitionCount()
                ? Optional.of(request.getPartitionCount())
                : Optional.empty(),
            request.hasReplicationFactor()
                ? Optional.of(request.getReplicationFactor())
                : Optional.empty(),
            TopicCodec.configs(request.getConfigsList(), "configs"),
            dice.nextLong(),
            false,
            AccessInterceptor.caller());
    ConfigSubmission.whyNot(image, command)
        .ifPresent(why -> {
          throw ErrorStatus.of(why);
        });
    return command;
  }

  /** The request id, so that the same request again finds its topic; else a new one. */
  private TopicId idOf(CreateTopicRequest request) {
    if (request.getRequestId().isEmpty()) {
      return NewTopicId.from(dice);
    }
    try {
      return TopicId.parse(request.getRequestId());
    } catch (IllegalArgumentException e) {
      throw NamedTopics.invalid("request_id", "a UUID", request.getRequestId());
    }
  }

  /** What would be created, by the same decision that the metadata log would make now. */
  private Topic wouldCreate(CreateTopic command) {
    var now = cluster.get();
    var envelope =
        new CommandEnvelope(self, CommandEnvelope.UNREGISTERED, 0, wallMillis.getAsLong(), command);
    return switch (MetadataMachine.decide(now.image(), now.index() + 1, envelope)) {
      case Decision.Refusal(var why) -> throw ErrorStatus.of(why);
      case Decision.Accepted(var events) ->
          events.stream()
              .filter(TopicCreated.class::isInstance)
              .map(event -> ((TopicCreated) event).topic())
              .findFirst()
              .map(topic -> withWarnings(now.image(), topic))
              .orElseGet(Topic::getDefaultInstance);
    };
  }

  private static Topic withWarnings(ClusterImage image, TopicImage topic) {
    var encoded = TopicCodec.encoding(topic);
    TopicCodec.nameCollision(image, topic.name()).ifPresent(encoded::addWarnings);
    return encoded.build();
  }

  @Override
  public void getTopic(GetTopicRequest request, StreamObserver<Topic> response) {
    UnaryCalls.answer(response, () -> withWarnings(cluster.get().image(), find(request.getName())));
  }

  @Override
  public void listTopics(ListTopicsRequest request, StreamObserver<ListTopicsResponse> response) {
    UnaryCalls.answer(response, () -> list(request));
  }

  private ListTopicsResponse list(ListTopicsRequest request) {
    var now = cluster.get();
    var names =
        now.image().topicNames().keySet().stream()
            .filter(name -> request.getIncludeInternal() || !InternalTopics.isInternal(name))
            .toList();
    var page =
        Paging.of(names, request.getPageSize(), request.getPageToken(), name -> name, name -> name);
    var response =
        ListTopicsResponse.newBuilder()
            .setNextPageToken(page.nextToken())
            .setMetadataIndex(now.index());
    page.items()
        .forEach(name ->
            now.image().topicNamed(name).map(TopicCodec::encode).ifPresent(response::addTopics));
    return response.build();
  }

  @Override
  public void addPartitions(AddPartitionsRequest request, StreamObserver<Topic> response) {
    UnaryCalls.answer(response, () -> existing.add(request));
  }

  @Override
  public void alterTopicConfigs(AlterTopicConfigsRequest request, StreamObserver<Topic> response) {
    UnaryCalls.answer(response, () -> existing.alter(request));
  }

  @Override
  public void deleteTopic(DeleteTopicRequest request, StreamObserver<Empty> response) {
    UnaryCalls.answer(response, () -> delete(request));
  }

  private Empty delete(DeleteTopicRequest request) {
    var topic = find(request.getName());
    OwnTopics.whyNotChanged(topic)
        .ifPresent(why -> {
          throw ErrorStatus.of(why);
        });
    NamedTopics.requireEtag(topic, request.getEtag());
    if (!request.getValidateOnly()) {
      var _ = changes.make(new DeleteTopic(topic.id()));
    }
    return Empty.getDefaultInstance();
  }

  private TopicImage find(String resourceName) {
    return NamedTopics.find(cluster.get().image(), resourceName);
  }
}
