package dev.naru.chaos.load;

import dev.naru.client.NaruClient;
import dev.naru.client.TopicPartition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A process with members of a group, which does what it reads, a line each: {@code start NAME
 * INSTANCE}, {@code stop NAME}, {@code more NAME}, {@code show}. It answers each with a line, and
 * ends with its input, so that it does not outlive whoever speaks to it.
 */
final class MemberMain {

  private MemberMain() {}

  /** Arguments: bootstrap servers, directory of histories, and a role. */
  public static void main(String[] args) throws IOException {
    var histories = Path.of(args[1]);
    var role = MemberRole.of(args, 2);
    var progress = new Progress(0);
    try (var client = NaruClient.builder().bootstrapServers(args[0]).plaintext().build();
        var members =
            new MembersHere(
                role, client, name -> HistoryRecorder.in(histories.resolve(name)), progress);
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println("ready");
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(answer(line.split(" ", -1), members));
      }
    }
    System.err.println("was told: " + progress.failures());
  }

  private static String answer(String[] words, MembersHere members) {
    switch (words[0]) {
      case "start" ->
          members.start(words[1], Optional.of(words[2]).filter(instance -> !instance.equals("-")));
      case "stop" -> members.stop(words[1]);
      case "more" -> members.readMore(words[1]);
      default -> {
        return members.holds().entrySet().stream()
            .map(each -> each.getKey() + "=" + numbers(each.getValue()))
            .collect(Collectors.joining(" "));
      }
    }
    return words[0] + " " + words[1];
  }

  private static String numbers(Collection<TopicPartition> partitions) {
    return partitions.stream()
        .map(partition -> Integer.toString(partition.partition()))
        .collect(Collectors.joining(","));
  }
}
