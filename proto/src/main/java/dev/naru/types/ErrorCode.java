package dev.naru.types;

import java.util.Optional;

/**
 * Every error that leaves a process, with its number on the wire, the gRPC status it has in admin
 * calls, the exit status of the command line, and whether a client may send again what failed with
 * it. The meaning of each is told once, in {@code naru/v1/errors.proto}; a test holds the two
 * tables equal.
 */
public enum ErrorCode {
  NONE(1, Status.OK, Retry.NO),
  INVALID_REQUEST(2, Status.INVALID_ARGUMENT, Retry.NO),
  INVALID_CONFIG(3, Status.INVALID_ARGUMENT, Retry.NO),
  INVALID_TOPIC_NAME(4, Status.INVALID_ARGUMENT, Retry.NO),
  INVALID_PARTITIONS(5, Status.INVALID_ARGUMENT, Retry.NO),
  INVALID_REPLICATION_FACTOR(6, Status.INVALID_ARGUMENT, Retry.NO),
  INVALID_RECORD(7, Status.INVALID_ARGUMENT, Retry.NO),
  CORRUPT_RECORD(8, Status.INVALID_ARGUMENT, Retry.YES),
  RECORD_TOO_LARGE(9, Status.INVALID_ARGUMENT, Retry.NO),
  UNSUPPORTED_COMPRESSION(10, Status.INVALID_ARGUMENT, Retry.NO),
  UNSUPPORTED_VERSION(11, Status.UNIMPLEMENTED, Retry.NO),
  OFFSET_OUT_OF_RANGE(12, Status.OUT_OF_RANGE, Retry.NO),
  OFFSET_NOT_AVAILABLE(13, Status.UNAVAILABLE, Retry.YES),
  TOPIC_NOT_FOUND(14, Status.NOT_FOUND, Retry.NO),
  PARTITION_NOT_FOUND(15, Status.NOT_FOUND, Retry.NO),
  NODE_NOT_FOUND(16, Status.NOT_FOUND, Retry.NO),
  TOPIC_ALREADY_EXISTS(17, Status.ALREADY_EXISTS, Retry.NO),
  NODE_ID_IN_USE(18, Status.ALREADY_EXISTS, Retry.NO),
  NOT_LEADER(19, Status.FAILED_PRECONDITION, Retry.YES),
  LEADER_NOT_AVAILABLE(20, Status.UNAVAILABLE, Retry.YES),
  FENCED_LEADER_EPOCH(21, Status.ABORTED, Retry.YES),
  UNKNOWN_LEADER_EPOCH(22, Status.ABORTED, Retry.YES),
  FENCED_NODE_EPOCH(23, Status.ABORTED, Retry.NO),
  UNKNOWN_NODE_EPOCH(24, Status.ABORTED, Retry.YES),
  PARTITION_EPOCH_MISMATCH(25, Status.ABORTED, Retry.YES),
  NOT_REPLICA(26, Status.ABORTED, Retry.YES),
  INELIGIBLE_REPLICA(27, Status.ABORTED, Retry.YES),
  NOT_ENOUGH_REPLICAS(28, Status.UNAVAILABLE, Retry.YES),
  NOT_ENOUGH_REPLICAS_AFTER_APPEND(29, Status.DEADLINE_EXCEEDED, Retry.YES),
  METADATA_QUORUM_LOST(30, Status.UNAVAILABLE, Retry.YES),
  NODE_STARTING(31, Status.UNAVAILABLE, Retry.YES),
  BOOTSTRAP_UNREACHABLE(32, Status.UNAVAILABLE, Retry.YES),
  REQUEST_TIMEOUT(33, Status.DEADLINE_EXCEEDED, Retry.YES),
  DELIVERY_TIMEOUT(34, Status.DEADLINE_EXCEEDED, Retry.NO),
  DISK_FULL(35, Status.RESOURCE_EXHAUSTED, Retry.YES),
  TOO_MANY_REQUESTS(36, Status.RESOURCE_EXHAUSTED, Retry.YES),
  BUFFER_EXHAUSTED(37, Status.RESOURCE_EXHAUSTED, Retry.NO),
  LIMIT_EXCEEDED(38, Status.RESOURCE_EXHAUSTED, Retry.NO),
  DATA_LOST(39, Status.DATA_LOSS, Retry.NO),
  CORRUPT_LOG(40, Status.DATA_LOSS, Retry.NO),
  STORAGE_FAILED(41, Status.INTERNAL, Retry.YES), // another replica will lead
  DIRECTORY_MISMATCH(42, Status.FAILED_PRECONDITION, Retry.NO),
  DIRECTORY_LOCKED(43, Status.FAILED_PRECONDITION, Retry.NO),
  NO_SAFE_REPLICA(44, Status.FAILED_PRECONDITION, Retry.NO),
  AUTHENTICATION_FAILED(45, Status.UNAUTHENTICATED, Retry.NO),
  NOT_AUTHORIZED(46, Status.PERMISSION_DENIED, Retry.NO),
  INTERNAL(47, Status.INTERNAL, Retry.NO),
  SALVAGE_NOT_FOUND(48, Status.NOT_FOUND, Retry.NO),
  UNKNOWN_PRODUCER_ID(49, Status.ABORTED, Retry.NO),
  OUT_OF_ORDER_SEQUENCE(50, Status.ABORTED, Retry.NO),
  PRODUCER_FENCED(51, Status.ABORTED, Retry.NO),
  DUPLICATE_SEQUENCE(52, Status.ABORTED, Retry.NO),
  INVALID_GROUP_ID(53, Status.INVALID_ARGUMENT, Retry.NO),
  INVALID_SESSION_TIMEOUT(54, Status.INVALID_ARGUMENT, Retry.NO),
  GROUP_NOT_FOUND(55, Status.NOT_FOUND, Retry.NO),
  GROUP_NOT_EMPTY(56, Status.FAILED_PRECONDITION, Retry.NO),
  FENCED_MEMBER(57, Status.ABORTED, Retry.NO),
  STALE_GROUP_EPOCH(58, Status.ABORTED, Retry.YES),
  COORDINATOR_NOT_AVAILABLE(59, Status.UNAVAILABLE, Retry.YES),
  COORDINATOR_LOADING(60, Status.UNAVAILABLE, Retry.YES),
  INSTANCE_ID_IN_USE(61, Status.FAILED_PRECONDITION, Retry.YES),
  UNSUPPORTED_ASSIGNOR(62, Status.INVALID_ARGUMENT, Retry.NO),
  INCONSISTENT_GROUP_PROTOCOL(63, Status.FAILED_PRECONDITION, Retry.NO),
  PARTITIONS_CANNOT_SHRINK(64, Status.FAILED_PRECONDITION, Retry.NO),
  METADATA_VERSION_TOO_LOW(65, Status.FAILED_PRECONDITION, Retry.NO),
  ETAG_MISMATCH(66, Status.ABORTED, Retry.NO),
  OPERATION_NOT_FOUND(67, Status.NOT_FOUND, Retry.NO),
  REASSIGNMENT_IN_PROGRESS(68, Status.FAILED_PRECONDITION, Retry.NO);

  private static final ErrorCode[] BY_NUMBER = values();

  private final int number;
  private final Status status;
  private final Retry retry;

  ErrorCode(int number, Status status, Retry retry) {
    this.number = number;
    this.status = status;
    this.retry = retry;
  }

  /** The code of this number, or empty for one that this release does not know. */
  public static Optional<ErrorCode> ofNumber(int number) {
    return number >= 1 && number <= BY_NUMBER.length
        ? Optional.of(BY_NUMBER[number - 1])
        : Optional.empty();
  }

  /** Its number on the wire; zero is never used. */
  public int number() {
    return number;
  }

  /** The status of an admin call that fails with this code. */
  public Status status() {
    return status;
  }

  /** Exit status of the command line. */
  public int exitStatus() {
    return status.exitStatus;
  }

  /** Whether the same request may succeed later, or at another node. */
  public boolean isRetriable() {
    return retry == Retry.YES;
  }

  private enum Retry {
    YES,
    NO
  }

  /** The gRPC status names that are used, each with the exit status of the command line. */
  public enum Status {
    OK(0),
    INVALID_ARGUMENT(2),
    OUT_OF_RANGE(4),
    NOT_FOUND(3),
    ALREADY_EXISTS(4),
    FAILED_PRECONDITION(4),
    ABORTED(4),
    UNAVAILABLE(5),
    DEADLINE_EXCEEDED(124),
    RESOURCE_EXHAUSTED(1),
    DATA_LOSS(1),
    UNAUTHENTICATED(1),
    PERMISSION_DENIED(1),
    UNIMPLEMENTED(1),
    INTERNAL(1);

    private final int exitStatus;

    Status(int exitStatus) {
      this.exitStatus = exitStatus;
    }
  }
}
