package dev.naru.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.Codec;
import dev.naru.client.ProducerRecord;
import dev.naru.client.admin.NewTopic;
import dev.naru.testing.cluster.NaruCluster;
import org.junit.jupiter.api.Test;

/** {@code naru consume}, as somebody at a terminal sees it. */
class ConsumeTest {

  @Test
  void goesOnBehindWhatItsGroupHasPrintedAndShowsEventsToTheFirstWhoLooks() {
    try (var cluster = NaruCluster.of(1).start();
        var naru = cluster.client()) {
      var commands = new Commands(cluster.bootstrapServers());
      naru.admin().createTopic(NewTopic.named("orders").partitions(1)).join();
      try (var producer = naru.producer(Codec.utf8(), Codec.utf8()).build()) {
        for (var value : new String[] {"a", "b", "c", "d"}) {
          producer.send(ProducerRecord.of("orders", "key", value)).join();
        }
      }

      var first =
          commands.run("consume", "orders", "--group", "g", "--from", "beginning", "-n", "3");
      var rest =
          commands.run("consume", "orders", "--group", "g", "--from", "beginning", "--exit-at-end");
      var events =
          commands.run(
              "consume", "__events", "--from", "beginning", "--exit-at-end", "-f", "%k %v\\n");

      assertThat(first.stdout()).as(first.stderr()).isEqualTo("a\nb\nc\n");
      assertThat(rest.stdout()).as(rest.stderr()).isEqualTo("d\n");
      assertThat(events.stdout())
          .as(events.stderr())
          .contains("events/", "\"TOPIC_CREATED\"", "\"topics/orders\"");
      assertThat(commands.run("consume", "orders/0", "--group", "g").status()).isEqualTo(2);
      assertThat(commands.run("consume", "orders", "--group", "g", "--from", "offset:3").status())
          .isEqualTo(2);
    }
  }
}
