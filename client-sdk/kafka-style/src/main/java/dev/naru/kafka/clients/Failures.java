package dev.naru.kafka.clients;

import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.kafka.common.InvalidRecordException;
import dev.naru.kafka.common.KafkaException;
import dev.naru.kafka.common.config.ConfigException;
import dev.naru.kafka.common.errors.AuthenticationException;
import dev.naru.kafka.common.errors.AuthorizationException;
import dev.naru.kafka.common.errors.CoordinatorLoadInProgressException;
import dev.naru.kafka.common.errors.CoordinatorNotAvailableException;
import dev.naru.kafka.common.errors.CorruptRecordException;
import dev.naru.kafka.common.errors.DuplicateSequenceException;
import dev.naru.kafka.common.errors.FencedInstanceIdException;
import dev.naru.kafka.common.errors.GroupIdNotFoundException;
import dev.naru.kafka.common.errors.GroupNotEmptyException;
import dev.naru.kafka.common.errors.InconsistentGroupProtocolException;
import dev.naru.kafka.common.errors.InterruptException;
import dev.naru.kafka.common.errors.InvalidGroupIdException;
import dev.naru.kafka.common.errors.InvalidPartitionsException;
import dev.naru.kafka.common.errors.InvalidReplicationFactorException;
import dev.naru.kafka.common.errors.InvalidRequestException;
import dev.naru.kafka.common.errors.InvalidSessionTimeoutException;
import dev.naru.kafka.common.errors.InvalidTopicException;
import dev.naru.kafka.common.errors.KafkaStorageException;
import dev.naru.kafka.common.errors.LeaderNotAvailableException;
import dev.naru.kafka.common.errors.NotEnoughReplicasException;
import dev.naru.kafka.common.errors.NotLeaderOrFollowerException;
import dev.naru.kafka.common.errors.OutOfOrderSequenceException;
import dev.naru.kafka.common.errors.ProducerFencedException;
import dev.naru.kafka.common.errors.RebalanceInProgressException;
import dev.naru.kafka.common.errors.RecordTooLargeException;
import dev.naru.kafka.common.errors.ThrottlingQuotaExceededException;
import dev.naru.kafka.common.errors.TimeoutException;
import dev.naru.kafka.common.errors.TopicExistsException;
import dev.naru.kafka.common.errors.UnknownMemberIdException;
import dev.naru.kafka.common.errors.UnknownProducerIdException;
import dev.naru.kafka.common.errors.UnknownServerException;
import dev.naru.kafka.common.errors.UnknownTopicOrPartitionException;
import dev.naru.kafka.common.errors.UnsupportedAssignorException;
import dev.naru.kafka.common.errors.UnsupportedVersionException;
import dev.naru.types.ErrorCode;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Naru's failures by Kafka's names; the cause is always Naru's own. */
public final class Failures {

  private static final Map<ErrorCode, BiFunction<String, Throwable, KafkaException>> BY_CODE =
      new EnumMap<>(ErrorCode.class);

  static {
    BY_CODE.put(ErrorCode.INVALID_CONFIG, ConfigException::new);
    BY_CODE.put(ErrorCode.INVALID_REQUEST, InvalidRequestException::new);
    BY_CODE.put(ErrorCode.INVALID_TOPIC_NAME, InvalidTopicException::new);
    BY_CODE.put(ErrorCode.INVALID_PARTITIONS, InvalidPartitionsException::new);
    BY_CODE.put(ErrorCode.PARTITIONS_CANNOT_SHRINK, InvalidPartitionsException::new);
    BY_CODE.put(ErrorCode.INVALID_REPLICATION_FACTOR, InvalidReplicationFactorException::new);
    BY_CODE.put(ErrorCode.INVALID_RECORD, InvalidRecordException::new);
    BY_CODE.put(ErrorCode.CORRUPT_RECORD, CorruptRecordException::new);
    BY_CODE.put(ErrorCode.RECORD_TOO_LARGE, RecordTooLargeException::new);
    BY_CODE.put(ErrorCode.UNSUPPORTED_VERSION, UnsupportedVersionException::new);
    BY_CODE.put(ErrorCode.TOPIC_NOT_FOUND, UnknownTopicOrPartitionException::new);
    BY_CODE.put(ErrorCode.PARTITION_NOT_FOUND, UnknownTopicOrPartitionException::new);
    BY_CODE.put(ErrorCode.TOPIC_ALREADY_EXISTS, TopicExistsException::new);
    BY_CODE.put(ErrorCode.NOT_LEADER, NotLeaderOrFollowerException::new);
    BY_CODE.put(ErrorCode.LEADER_NOT_AVAILABLE, LeaderNotAvailableException::new);
    BY_CODE.put(ErrorCode.NOT_ENOUGH_REPLICAS, NotEnoughReplicasException::new);
    BY_CODE.put(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, NotEnoughReplicasException::new);
    BY_CODE.put(ErrorCode.BOOTSTRAP_UNREACHABLE, TimeoutException::new);
    BY_CODE.put(ErrorCode.BUFFER_EXHAUSTED, TimeoutException::new);
    BY_CODE.put(ErrorCode.TOO_MANY_REQUESTS, ThrottlingQuotaExceededException::new);
    BY_CODE.put(ErrorCode.STORAGE_FAILED, KafkaStorageException::new);
    BY_CODE.put(ErrorCode.AUTHENTICATION_FAILED, AuthenticationException::new);
    BY_CODE.put(ErrorCode.NOT_AUTHORIZED, AuthorizationException::new);
    BY_CODE.put(ErrorCode.INTERNAL, UnknownServerException::new);
    BY_CODE.put(ErrorCode.UNKNOWN_PRODUCER_ID, UnknownProducerIdException::new);
    BY_CODE.put(ErrorCode.OUT_OF_ORDER_SEQUENCE, OutOfOrderSequenceException::new);
    BY_CODE.put(ErrorCode.DUPLICATE_SEQUENCE, DuplicateSequenceException::new);
    BY_CODE.put(ErrorCode.PRODUCER_FENCED, ProducerFencedException::new);
    BY_CODE.put(ErrorCode.INVALID_GROUP_ID, InvalidGroupIdException::new);
    BY_CODE.put(ErrorCode.INVALID_SESSION_TIMEOUT, InvalidSessionTimeoutException::new);
    BY_CODE.put(ErrorCode.GROUP_NOT_FOUND, GroupIdNotFoundException::new);
    BY_CODE.put(ErrorCode.GROUP_NOT_EMPTY, GroupNotEmptyException::new);
    BY_CODE.put(ErrorCode.FENCED_MEMBER, UnknownMemberIdException::new);
    BY_CODE.put(ErrorCode.STALE_GROUP_EPOCH, RebalanceInProgressException::new);
    BY_CODE.put(ErrorCode.COORDINATOR_NOT_AVAILABLE, CoordinatorNotAvailableException::new);
    BY_CODE.put(ErrorCode.COORDINATOR_LOADING, CoordinatorLoadInProgressException::new);
    BY_CODE.put(ErrorCode.INSTANCE_ID_IN_USE, FencedInstanceIdException::new);
    BY_CODE.put(ErrorCode.UNSUPPORTED_ASSIGNOR, UnsupportedAssignorException::new);
    BY_CODE.put(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, InconsistentGroupProtocolException::new);
  }

  private Failures() {}

  /** The same failure. */
  public static KafkaException of(NaruException failure) {
    String message = String.valueOf(failure.getMessage());
    return failure instanceof NaruTimeoutException
        ? new TimeoutException(message, failure)
        : BY_CODE.getOrDefault(failure.code(), KafkaException::new).apply(message, failure);
  }

  /** The same failure, of a call on this thread: a wait that was interrupted ends as such. */
  public static KafkaException ofCall(NaruException failure) {
    return failure instanceof NaruTimeoutException && Thread.currentThread().isInterrupted()
        ? new InterruptException(String.valueOf(failure.getMessage()), failure)
        : of(failure);
  }

  /** The same failure, for whatever went wrong. */
  public static KafkaException of(Throwable failure) {
    if (failure instanceof KafkaException known) {
      return known;
    }
    return failure instanceof NaruException known
        ? of(known)
        : new KafkaException(String.valueOf(failure.getMessage()), failure);
  }

  /** Runs this, and throws its failures by Kafka's names. */
  public static <T> T in(Supplier<T> work) {
    try {
      return work.get();
    } catch (NaruException e) {
      throw ofCall(e);
    }
  }

  /** Runs this, and throws its failures by Kafka's names. */
  public static void in(Runnable work) {
    try {
      work.run();
    } catch (NaruException e) {
      throw ofCall(e);
    }
  }
}
