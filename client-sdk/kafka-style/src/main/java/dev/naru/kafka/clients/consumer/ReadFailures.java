package dev.naru.kafka.clients.consumer;

import dev.naru.client.DataLossException;
import dev.naru.client.NaruException;
import dev.naru.kafka.clients.Failures;
import dev.naru.kafka.common.KafkaException;
import dev.naru.types.ErrorCode;
import java.util.function.Supplier;

/** What goes wrong when records are read and positions committed, by Kafka's names. */
final class ReadFailures {

  private ReadFailures() {}

  static <T> T in(Supplier<T> work) {
    try {
      return work.get();
    } catch (NaruException e) {
      throw of(e);
    }
  }

  static void in(Runnable work) {
    try {
      work.run();
    } catch (NaruException e) {
      throw of(e);
    }
  }

  private static KafkaException of(NaruException failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof DataLossException) {
      return new LogTruncationException(message, failure);
    }
    if (failure instanceof dev.naru.client.OffsetOutOfRangeException) {
      return new OffsetOutOfRangeException(message, failure);
    }
    return failure.code() == ErrorCode.OFFSET_OUT_OF_RANGE
        ? new NoOffsetForPartitionException(message, failure)
        : Failures.ofCall(failure);
  }

  static void inCommit(Runnable work) {
    try {
      work.run();
    } catch (NaruException e) {
      throw ofCommit(e);
    }
  }

  static KafkaException ofCommit(NaruException failure) {
    return failure.code() == ErrorCode.FENCED_MEMBER
        ? new CommitFailedException(String.valueOf(failure.getMessage()), failure)
        : Failures.ofCall(failure);
  }

  /** Of a commit that nobody waits for. */
  static KafkaException ofLateCommit(NaruException failure) {
    return failure.isRetriable()
        ? new RetriableCommitFailedException(String.valueOf(failure.getMessage()), failure)
        : ofCommit(failure);
  }
}
