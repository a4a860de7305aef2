package dev.naru.stories;

import static java.util.Objects.requireNonNull;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.OffsetReset;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.OffsetAndMetadata;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A process that reads some records, commits what it is told to, which is more or less than it has
 * read, and goes on as a member until it is killed. It prints each record's number when it has done
 * with it, and {@code committed}.
 */
final class CrashingMember {

  static final Duration SESSION = Duration.ofSeconds(6);

  private CrashingMember() {}

  /** Arguments: bootstrap servers, topic, group, how many records, and the offset to commit. */
  public static void main(String[] args) {
    var partition = new TopicPartition(args[1], 0);
    int count = Integer.parseInt(args[3]);
    long offset = Long.parseLong(args[4]);
    try (var client = NaruClient.builder().bootstrapServers(args[0]).plaintext().build();
        var consumer =
            client
                .consumer(Codec.bytes(), Codec.utf8())
                .groupId(args[2])
                .autoCommit(false)
                .autoOffsetReset(OffsetReset.EARLIEST)
                .sessionTimeout(SESSION)
                .heartbeatInterval(Duration.ofSeconds(1))
                .maxPollRecords(count)
                .build()) {
      consumer.subscribe(List.of(partition.topic()));
      int done = 0;
      while (done < count) {
        for (var rec : consumer.poll(Duration.ofSeconds(1))) {
          if (done < count) {
            System.out.println(requireNonNull(rec.value()));
            done++;
          }
        }
      }
      consumer.commit(Map.of(partition, new OffsetAndMetadata(offset)));
      System.out.println("committed");
      while (System.out.checkError() || done > 0) { // until it is killed
        consumer.pause(partition);
        consumer.poll(Duration.ofSeconds(1));
      }
    }
  }
}
