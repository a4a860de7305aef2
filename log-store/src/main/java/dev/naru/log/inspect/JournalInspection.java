package dev.naru.log.inspect;

import dev.naru.log.disk.DiskFile;
import dev.naru.log.inspect.Detail.Field;
import dev.naru.log.recovery.DurablePoint;
import dev.naru.log.store.JournalRecord;
import dev.naru.log.store.JournalWalk;
import java.util.ArrayList;
import java.util.List;

/** Reads a journal of durable points, record by record. */
final class JournalInspection {

  private final Report report;
  private final DiskFile file;

  JournalInspection(Report report, DiskFile file) {
    this.report = report;
    this.file = file;
  }

  /** Reads it. */
  void run() {
    var walk = new JournalWalk(file);
    if (!walk.hasSoundHead()) {
      report.fault(file.name(), 0, "Expected 'NARUDPTS' and version 2, but was something else");
    }
    while (walk.advance()) {
      take(walk);
    }
    if (walk.fault().isPresent()) {
      report.fault(file.name(), walk.nextPosition(), walk.fault().get());
    } else if (walk.hasDamage()) {
      report.fault(
          file.name(),
          walk.firstBad().orElseThrow(),
          "Expected the checksum of the record's bytes, but was another");
    } else if (walk.firstBad().isPresent()) {
      report.note(
          file.name(),
          walk.firstBad().getAsLong(),
          "Torn by a crash: not known to have been on disk");
    } else if (walk.hasSoundHead() && walk.nextPosition() < file.size()) {
      report.note(file.name(), walk.nextPosition(), "Torn by a crash: no whole record from here");
    }
  }

  private void take(JournalWalk walk) {
    var found = walk.record();
    if (found.isEmpty()) {
      return;
    }
    report.count();
    report.say(new Detail.Entry(walk.position(), fields(found.get())));
  }

  private static List<Field> fields(JournalRecord record) {
    return switch (record) {
      case JournalRecord.Point(var point, int checkpoint) -> fields(point, checkpoint);
      case JournalRecord.Removed(var partition) ->
          List.of(Field.of("kind", "removed"), Field.of("log", partition.toString()));
      case JournalRecord.Damaged(var partition, long start, long base, int checkpoint) ->
          List.of(
              Field.of("kind", "damaged"),
              Field.of("log", partition.toString()),
              Field.of("start", start),
              Field.of("segmentBase", base),
              Field.of("checkpoint", checkpoint));
    };
  }

  private static List<Field> fields(DurablePoint point, int checkpoint) {
    var state = point.state();
    var fields =
        new ArrayList<>(
            List.of(
                Field.of("kind", "point"),
                Field.of("log", point.partition().toString()),
                Field.of("start", point.start()),
                Field.of("end", point.end()),
                Field.of("segmentBase", state.base()),
                Field.of("segmentBytes", state.bytes()),
                Field.of("maxTimestamp", state.maxTimestamp()),
                Field.of("headerSum", Long.toHexString(state.headerSum()))));
    point
        .last()
        .ifPresent(last -> {
          fields.add(Field.of("lastBatchEpoch", last.epoch()));
          fields.add(Field.of("lastBatchBytes", last.bytes()));
          fields.add(Field.of("lastBatchCrc", "%08x".formatted(last.crc())));
        });
    if (point.hasProducers()) {
      fields.add(Field.of("producers", "yes"));
    }
    if (checkpoint > 0) {
      fields.add(Field.of("checkpoint", checkpoint));
    }
    return fields;
  }
}
