package dev.naru.log.recovery;

import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.log.segment.ActiveSegment;
import dev.naru.log.segment.SegmentFiles;
import dev.naru.log.segment.SegmentName;
import dev.naru.log.segment.SegmentName.Part;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * What a crash left above the last good batch: the rest of that segment's file, and segments that
 * do not go on where it ends. Nothing of it was ever durable.
 *
 * @param restBytes how many the last segment's file has too many
 * @param beyond bases of segments that follow nothing
 */
record TornTail(
    SegmentFiles files, ActiveSegment last, long restBytes, List<Long> beyond, String why) {

  private static final int LOOK_BYTES = 64 << 10;

  boolean isEmpty() {
    return restBytes == 0 && beyond.isEmpty();
  }

  /** Sets it aside, then cuts it off. Says where it is, unless it was nothing but zeros. */
  Optional<String> cut(LostAndFound lostAndFound, EpochHistory epochs) {
    Optional<String> where = Optional.empty();
    if (!beyond.isEmpty() || !isZeros()) {
      long end = last.state().end();
      var finding = new Finding(files.partition(), SetAsideReason.TORN_TAIL, why, end, end, epochs);
      var place = lostAndFound.open(finding);
      if (restBytes > 0) {
        place.copy(
            log(), last.state().bytes(), restBytes, new SegmentName(end, Part.LOG).toString());
      }
      place.force();
      beyond.reversed().forEach(base -> take(base, place));
      place.force();
      where = Optional.of(place.directory());
    }
    last.cutOffRest();
    return where;
  }

  private void take(long base, LostAndFound.Place place) {
    for (Part part : Part.values()) {
      place.take(files.name(base, part));
    }
  }

  /** A file may have grown before its bytes came to disk. */
  private boolean isZeros() {
    var look = ByteBuffer.allocate((int) Math.min(restBytes, LOOK_BYTES));
    long looked = 0;
    while (looked < restBytes) {
      look.clear().limit((int) Math.min(look.capacity(), restBytes - looked));
      int read = files.open().read(log(), look, last.state().bytes() + looked).orElse(0);
      for (int i = 0; i < read; i++) {
        if (look.get(i) != 0) {
          return false;
        }
      }
      if (read == 0) {
        return true;
      }
      looked += read;
    }
    return true;
  }

  private String log() {
    return files.name(last.state().base(), Part.LOG);
  }
}
