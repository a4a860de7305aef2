package dev.naru.metadata.chronicle;

import java.util.List;
import java.util.stream.Collectors;

/** The page of the manual that lists which events there are. */
final class EventsPage {

  private static final String HEAD =
      """
      # Events

      What the controller decided, and why: who leads a partition and since when, which replicas left the in-sync
      ones, which node was fenced, who changed a setting, what was lost. This page is printed from `ClusterEventCode`
      and `EventCause`, and a test compares the two.

      ```
      naru cluster events                                  # the newest 50
      naru cluster events --since -1h --code ISR_SHRUNK    # of the last hour, of one kind
      naru cluster events --follow -o jsonl                # as they happen, for programs
      ```

      - Events are derived from the metadata log, by every node alike. One is called `events/4711.2`: of what came of
        entry 4711 of that log, the third. Names rise, and are the same at every node: whoever loses a node goes on
        after the last name at another one, without a gap and without seeing one twice.
      - What came of one entry was decided at once: the events share the index, and their cause is that of the entry.
        A change has one event, whatever happened on the way to it; without a change there is none.
      - A node knows the newest 10,000 events, and none from before the metadata snapshot that it started from, or was
        sent because it had been away for long. Answers say so: `known_after` is the event up to which the node knows
        none. Whoever asks to go on from before that is refused with `OFFSET_OUT_OF_RANGE`.
      - Times are those of the node that asked for a decision. Clocks differ, names do not.
      - In the admin API (`naru.admin.v1.EventAdminService`) `ListEvents` pages through them, and waits for the next
        one if it is asked to; `WatchEvents` is a stream. In the SDK they are `admin().events()`.
      - They can be read as records, too: from the topic `__events`, where they stay for 30 days. The key is the name,
        the value is the event in JSON, as `-o jsonl` prints it. The topic is made when somebody first looks for it, with
        what the nodes still know. Until that is written nobody is told where the topic ends. Under metadata version 1 there
        is none. Its leader writes, clients only read.
      - Settings are shown with their values. Records, keys and secrets never are.

      Levels are those of logs. INFO: nobody has to look. WARN: somebody should, soon. ERROR: records are lost, or something
      stands still until somebody acts. A log line at WARN or ERROR always has a code (`event.code`); where it tells of one
      of these events it has the same code, and is counted in [`naru_events_total`](METRICS.md).
      """;

  private EventsPage() {}

  static String print() {
    var page = new StringBuilder(HEAD);
    page.append("\n## Codes\n\n| code | level | what it says | what to do |\n")
        .append("| --- | --- | --- | --- |\n");
    for (var code : ClusterEventCode.values()) {
      row(page, "`" + code + "`", code.level().name(), places(code.sentence()), code.remedy());
    }
    page.append(
            "\n`{subject}` is what the event is about; its resource name is `resource`. The other names in")
        .append(" braces are `fields`.\n")
        .append("\n## Causes\n\n| cause | in words |\n| --- | --- |\n");
    for (var cause : EventCause.values()) {
      row(page, "`" + cause + "`", places(cause.sentence()));
    }
    return page.toString();
  }

  private static void row(StringBuilder page, String... cells) {
    page.append(List.of(cells).stream().collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  /** Braces would be read as something else by some readers of Markdown. */
  private static String places(String sentence) {
    return sentence.replaceAll("\\{([a-z_]+)}", "`{$1}`");
  }
}
