package dev.naru.log.recovery;

import dev.naru.log.producer.ProducerLedger;
import dev.naru.log.producer.ProducerState;
import dev.naru.log.producer.Run;
import dev.naru.log.recovery.ProducerSnapshot.Last;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A snapshot in lines:
 *
 * <pre>
 * offset 81920
 * last-epoch 3
 * last-crc e4e1b615
 * 117440513 0 4 12@81800#0a1b2c3d 12@81912#-
 * </pre>
 *
 * Each line but the first three is a producer: id, epoch, the first number of its first run, and
 * the runs, the eldest first, as {@code count@offset#checksum}; the checksum is {@code -} where
 * nobody knows it. The numbers go on from run to run. Without a last batch there are no {@code
 * last-} lines.
 */
final class ProducerText {

  private static final String OFFSET = "offset ";
  private static final String LAST_EPOCH = "last-epoch ";
  private static final String LAST_CRC = "last-crc ";
  private static final String NO_CRC = "-";

  private ProducerText() {}

  static List<String> lines(ProducerSnapshot snapshot) {
    var lines = new ArrayList<String>();
    lines.add(OFFSET + snapshot.offset());
    snapshot
        .last()
        .ifPresent(last -> {
          lines.add(LAST_EPOCH + last.epoch());
          lines.add(LAST_CRC + hex(last.crc()));
        });
    snapshot.states().forEach(state -> lines.add(line(state)));
    return lines;
  }

  private static String line(ProducerState state) {
    var line = new StringBuilder();
    line.append(state.id()).append(' ').append(state.epoch());
    line.append(' ').append(state.runs().getFirst().firstSequence());
    for (Run run : state.runs()) {
      line.append(' ').append(run.count()).append('@').append(run.firstOffset()).append('#');
      line.append(run.crc().isPresent() ? hex(run.crc().getAsInt()) : NO_CRC);
    }
    return line.toString();
  }

  private static String hex(int crc) {
    String digits = Integer.toHexString(crc);
    return "0".repeat(8 - digits.length()) + digits;
  }

  /** Empty if it is not what was written. */
  static Optional<ProducerSnapshot> parse(List<String> lines) {
    try {
      var left = new ArrayDeque<>(lines);
      long offset = Long.parseLong(next(left, OFFSET).orElseThrow(ProducerText::notOurs));
      var epoch = next(left, LAST_EPOCH);
      Optional<Last> last =
          epoch.map(text ->
              new Last(
                  Integer.parseInt(text),
                  crc(next(left, LAST_CRC).orElseThrow(ProducerText::notOurs))));
      return Optional.of(new ProducerSnapshot(offset, last, states(left)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException notOurs) {
      return Optional.empty();
    }
  }

  private static Optional<String> next(Deque<String> lines, String name) {
    return !lines.isEmpty() && lines.getFirst().startsWith(name)
        ? Optional.of(lines.removeFirst().substring(name.length()))
        : Optional.empty();
  }

  private static List<ProducerState> states(Deque<String> lines) {
    if (lines.size() > ProducerLedger.PRODUCERS_MAX) {
      throw notOurs();
    }
    var ids = new HashSet<Long>();
    var states = new ArrayList<ProducerState>(lines.size());
    for (String line : lines) {
      var state = state(line);
      if (!ids.add(state.id())) {
        throw notOurs();
      }
      states.add(state);
    }
    return states;
  }

  private static ProducerState state(String line) {
    String[] parts = line.split(" ", -1);
    var runs = new ArrayList<Run>();
    int sequence = Integer.parseInt(parts[2]);
    for (int i = 3; i < parts.length; i++) {
      var run = run(parts[i], sequence);
      runs.add(run);
      sequence = run.endSequence();
    }
    return new ProducerState(Long.parseLong(parts[0]), Short.parseShort(parts[1]), 0, runs);
  }

  private static Run run(String text, int firstSequence) {
    int at = text.indexOf('@');
    int crcAt = text.indexOf('#');
    String crc = text.substring(crcAt + 1);
    return new Run(
        firstSequence,
        Long.parseLong(text.substring(0, at)),
        Long.parseLong(text.substring(at + 1, crcAt)),
        crc.equals(NO_CRC) ? OptionalInt.empty() : OptionalInt.of(crc(crc)));
  }

  private static int crc(String hex) {
    return Integer.parseUnsignedInt(hex, 16);
  }

  private static IllegalArgumentException notOurs() {
    return new IllegalArgumentException("Expected a snapshot of producers, but it is another file");
  }
}
