package dev.naru.cli.command;

import dev.naru.cli.Invocation;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.Admin;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** What {@code --topic} names: all partitions of topics, or single ones. */
final class ChosenPartitions {

  private ChosenPartitions() {}

  static NavigableSet<TopicPartition> of(
      List<TopicArgument> topics, Admin admin, Invocation invocation) {
    var chosen = new TreeSet<TopicPartition>();
    for (var topic : topics) {
      if (topic.partition().isPresent()) {
        chosen.add(new TopicPartition(topic.topic(), topic.partition().getAsInt()));
      } else {
        int count = invocation.await(admin.describeTopic(topic.topic())).partitionCount();
        for (int number = 0; number < count; number++) {
          chosen.add(new TopicPartition(topic.topic(), number));
        }
      }
    }
    return chosen;
  }
}
