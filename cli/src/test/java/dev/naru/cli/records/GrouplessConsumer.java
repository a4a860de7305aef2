package dev.naru.cli.records;

import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.CommitCallback;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.consumer.GroupMembershipInfo;
import dev.naru.client.consumer.OffsetAndMetadata;
import dev.naru.client.consumer.RebalanceListener;
import dev.naru.client.core.Subscription;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What fakes need not say: that they are in no group. */
public abstract class GrouplessConsumer implements Consumer<byte[], byte[]> {

  @Override
  public void subscribe(Collection<String> topics, RebalanceListener listener) {
    throw noGroup();
  }

  @Override
  public void subscribe(Collection<String> topics) {
    throw noGroup();
  }

  @Override
  public void subscribe(Pattern names, RebalanceListener listener) {
    throw noGroup();
  }

  @Override
  public void subscribe(Pattern names) {
    throw noGroup();
  }

  @Override
  public void unsubscribe() {
    throw noGroup();
  }

  @Override
  public Optional<Subscription> subscription() {
    return Optional.empty();
  }

  @Override
  public GroupMembershipInfo group() {
    throw noGroup();
  }

  @Override
  public void seek(TopicPartition partition, OffsetAndMetadata position) {
    seek(partition, position.offset());
  }

  @Override
  public void putBack(TopicPartition partition, OffsetAndMetadata from) {
    throw noGroup();
  }

  @Override
  public void commit() {
    throw noGroup();
  }

  @Override
  public void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    throw noGroup();
  }

  @Override
  public void commitAsync() {
    throw noGroup();
  }

  @Override
  public void commitAsync(CommitCallback callback) {
    throw noGroup();
  }

  @Override
  public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, CommitCallback callback) {
    throw noGroup();
  }

  @Override
  public Map<TopicPartition, OffsetAndMetadata> committed(Collection<TopicPartition> partitions) {
    throw noGroup();
  }

  @Override
  public void close(Duration limit) {}

  private static UnsupportedOperationException noGroup() {
    return new UnsupportedOperationException("Expected only what the tests use");
  }
}
