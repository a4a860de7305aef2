package dev.naru.cli.output;

import dev.naru.cli.json.Json;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.GroupDescription;
import dev.naru.client.admin.GroupOffset;
import dev.naru.client.admin.GroupSummary;
import dev.naru.client.admin.MemberDescription;
import dev.naru.client.admin.OffsetChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;

/** Groups, for people and, as the admin API's messages, for programs. */
public final class GroupText {

  private GroupText() {}

  // ---- for people

  /** {@code groups/NAME}. */
  public static String name(GroupSummary group) {
    return "groups/" + group.group();
  }

  /** {@code topics/NAME/partitions/NUMBER}. */
  public static String name(OffsetChange change) {
    return "topics/%s/partitions/%d"
        .formatted(change.partition().topic(), change.partition().partition());
  }

  /** A line for each. */
  public static List<String> table(List<GroupSummary> groups) {
    var table = new Table("GROUP", "STATE", "MEMBERS", "OFFSETS", "COORDINATOR");
    groups.forEach(group ->
        table.row(
            group.group(),
            word(group.state()),
            group.members(),
            group.offsets(),
            group.coordinator()));
    return table.lines();
  }

  /** A longer line for each. */
  public static List<String> wide(List<GroupSummary> groups) {
    var table =
        new Table(
            "GROUP",
            "STATE",
            "MEMBERS",
            "OFFSETS",
            "COORDINATOR",
            "PROTOCOL",
            "ASSIGNOR",
            "EPOCH",
            "CREATED");
    groups.forEach(group ->
        table.row(
            group.group(),
            word(group.state()),
            group.members(),
            group.offsets(),
            group.coordinator(),
            word(group.protocol()),
            orDash(group.assignor()),
            group.epoch(),
            group.created()));
    return table.lines();
  }

  /** All that is known of one: itself, its members, its partitions, and what to do about it. */
  public static List<String> describe(GroupDescription described) {
    var group = described.summary();
    var lines =
        new ArrayList<String>(
            new Table("GROUP", group.group())
                .row("state", word(group.state()))
                .row("protocol", word(group.protocol()))
                .row("assignor", orDash(group.assignor()))
                .row("epoch", group.epoch())
                .row("coordinator", "node " + group.coordinator())
                .row("created", group.created())
                .row("lag", lag(described.offsets()))
                .lines());
    if (!described.members().isEmpty()) {
      lines.add("");
      lines.addAll(members(described.members()));
    }
    var partitions = partitions(described);
    if (!partitions.isEmpty()) {
      lines.add("");
      lines.addAll(partitions);
    }
    if (!described.advice().isEmpty()) {
      lines.add("");
      described.advice().forEach(advice -> lines.add("advice: " + advice));
    }
    return lines;
  }

  /** What is known of it in all partitions together: the sum, and the oldest. */
  private static String lag(List<GroupOffset> offsets) {
    var known = offsets.stream().filter(offset -> offset.lagRecords().isPresent()).toList();
    if (known.isEmpty()) {
      return "-";
    }
    long records = known.stream().mapToLong(offset -> offset.lagRecords().orElse(0)).sum();
    var oldest =
        known.stream().flatMap(offset -> offset.lagTime().stream()).max(Comparator.naturalOrder());
    var unknown = offsets.size() - known.size();
    return records
        + " records"
        + oldest.map(time -> ", " + seconds(time)).orElse("")
        + (unknown == 0 ? "" : ", not known of " + unknown + " partitions");
  }

  private static List<String> members(List<MemberDescription> members) {
    var table = new Table("MEMBER", "INSTANCE", "CLIENT", "HOST", "STATE", "EPOCH", "PARTITIONS");
    members.forEach(member ->
        table.row(
            member.id(),
            member.instance().orElse("-"),
            orDash(member.clientId()),
            orDash(member.host()),
            word(member.state()),
            member.epoch(),
            member.partitions().size()));
    return table.lines();
  }

  /** Those with an offset, and those that are held without one. */
  private static List<String> partitions(GroupDescription described) {
    var rows = new TreeMap<TopicPartition, Object[]>();
    for (var member : described.members()) {
      member
          .partitions()
          .forEach(partition ->
              rows.put(partition, new Object[] {partition, "-", "-", "-", "-", member.id(), "-"}));
    }
    for (var offset : described.offsets()) {
      rows.put(
          offset.partition(),
          new Object[] {
            offset.partition(),
            offset.committed(),
            orDash(offset.end()),
            orDash(offset.lagRecords()),
            offset.lagTime().map(GroupText::seconds).orElse("-"),
            offset.member().map(UUID::toString).orElse("-"),
            offset.isPassedByRetention() ? "passed by retention" : "-"
          });
    }
    if (rows.isEmpty()) {
      return List.of();
    }
    var table = new Table("PARTITION", "COMMITTED", "END", "LAG", "LAG TIME", "MEMBER", "NOTE");
    rows.values().forEach(table::row);
    return table.lines();
  }

  /** Offsets before and after, and how far behind the group is with either. */
  public static List<String> changes(List<OffsetChange> changes) {
    var table = new Table("PARTITION", "OLD", "NEW", "END", "OLD LAG", "NEW LAG");
    changes.forEach(change ->
        table.row(
            change.partition(),
            orDash(change.oldOffset()),
            change.newOffset(),
            change.end(),
            orDash(change.oldLag()),
            change.newLag()));
    return table.lines();
  }

  /** Offsets that are forgotten, by partition. */
  public static List<String> forgotten(List<Map.Entry<TopicPartition, Long>> offsets) {
    var table = new Table("PARTITION", "COMMITTED");
    offsets.forEach(each -> table.row(each.getKey(), each.getValue()));
    return table.lines();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }

  private static String orDash(OptionalLong value) {
    return value.isPresent() ? Long.toString(value.getAsLong()) : "-";
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }

  // ---- for programs

  /** A {@code Group} as lists have it. */
  public static Json json(GroupSummary group) {
    return fields(group).build();
  }

  /** A {@code Group}. */
  public static Json json(GroupDescription described) {
    return fields(described.summary())
        .with("members", Json.array(described.members().stream().map(GroupText::json)))
        .with("offsets", Json.array(described.offsets().stream().map(GroupText::json)))
        .with("advice", Json.array(described.advice().stream().map(Json::text)))
        .build();
  }

  private static Json.Fields fields(GroupSummary group) {
    return Json.object()
        .with("name", name(group))
        .with("state", "STATE_" + group.state())
        .with("protocol", "PROTOCOL_" + group.protocol().name())
        .with("assignor", group.assignor())
        .with("epoch", group.epoch())
        .with("memberCount", group.members())
        .with("offsetCount", group.offsets())
        .with("coordinator", group.coordinator())
        .with("createTime", group.created().toString());
  }

  private static Json json(MemberDescription member) {
    var byTopic = new TreeMap<String, List<Integer>>();
    for (var partition : member.partitions()) {
      byTopic
          .computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
          .add(partition.partition());
    }
    return Json.object()
        .with("id", member.id().toString())
        .with("instanceId", member.instance().orElse(""))
        .with("clientId", member.clientId())
        .with("host", member.host())
        .with("state", "STATE_" + member.state())
        .with("epoch", member.epoch())
        .with(
            "partitions",
            Json.array(
                byTopic.entrySet().stream()
                    .map(held ->
                        Json.object()
                            .with("topic", "topics/" + held.getKey())
                            .with("partitions", Json.numbers(held.getValue()))
                            .build())))
        .build();
  }

  private static Json json(GroupOffset offset) {
    var fields =
        Json.object()
            .with("topic", "topics/" + offset.partition().topic())
            .with("partition", offset.partition().partition())
            .with("committed", Json.int64(offset.committed()));
    offset.leaderEpoch().ifPresent(epoch -> fields.with("leaderEpoch", epoch));
    fields.with("metadata", offset.metadata()).with("commitTime", offset.commitTime().toString());
    int64(fields, "end", offset.end());
    int64(fields, "lagRecords", offset.lagRecords());
    offset
        .lagTime()
        .ifPresent(time -> fields.with("lagSeconds", Json.number(time.toMillis() / 1000.0)));
    return fields
        .with("passedByRetention", Json.bool(offset.isPassedByRetention()))
        .with("member", offset.member().map(UUID::toString).orElse(""))
        .build();
  }

  /** An {@code OffsetChange}, and how far behind the group is before and after. */
  public static Json json(OffsetChange change) {
    var fields =
        Json.object()
            .with("topic", "topics/" + change.partition().topic())
            .with("partition", change.partition().partition());
    int64(fields, "oldOffset", change.oldOffset());
    fields.with("newOffset", Json.int64(change.newOffset())).with("end", Json.int64(change.end()));
    int64(fields, "oldLag", change.oldLag());
    return fields.with("newLag", Json.int64(change.newLag())).build();
  }

  /** A {@code DeletedOffset}. */
  public static Json json(Map.Entry<TopicPartition, Long> forgotten) {
    return Json.object()
        .with("topic", "topics/" + forgotten.getKey().topic())
        .with("partition", forgotten.getKey().partition())
        .with("offset", Json.int64(forgotten.getValue()))
        .build();
  }

  private static void int64(Json.Fields fields, String name, OptionalLong value) {
    value.ifPresent(present -> fields.with(name, Json.int64(present)));
  }
}
