import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.TopicPartition;

/** Prints the last ten records of each partition, the newest first. */
final class NewestFirst {

  public static void main(String[] args) {
    try (var naru = NaruClient.builder().bootstrapServers(args[0]).build()) {
      int partitions = naru.admin().describeTopic(args[1]).join().partitions().size();
      for (int number = 0; number < partitions; number++) {
        var partition = new TopicPartition(args[1], number);
        try (var newest = naru.backward(partition, Codec.utf8(), Codec.utf8())) {
          newest.next(10).forEach(r -> System.out.println(partition + "@" + r.offset() + " " + r.value()));
        }
      }
    }
  }
}
