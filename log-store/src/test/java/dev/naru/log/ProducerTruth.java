package dev.naru.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.producer.ProducerLedger;
import dev.naru.log.producer.ProducerState;
import dev.naru.log.producer.Run;
import dev.naru.log.producer.Verdict.Duplicate;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchHeader;
import java.util.Collection;
import java.util.List;

/** What a log must know of its producers, by all that was ever appended to it. */
final class ProducerTruth {

  private final List<BatchHeader> headers;
  private final ProducerLedger expected = ProducerLedger.emptyAt(0);

  private ProducerTruth(Collection<BatchBytes> batches) {
    this.headers = batches.stream().map(BatchBytes::header).toList();
    headers.forEach(expected::note);
  }

  /**
   * Holds what a log knows against the batches below its end, in order, also those that have gone
   * since from its front.
   *
   * @param knownFrom of a producer that has written nothing from here on it may know less
   */
  static void check(PartitionLog log, Collection<BatchBytes> batches, long knownFrom) {
    var truth = new ProducerTruth(batches);
    for (ProducerState state : truth.expected.states()) {
      if (state.runs().getLast().firstOffset() >= knownFrom) {
        truth.checkPresent(log, state, knownFrom);
      }
    }
    log.producers().states().forEach(truth::checkTrue);
  }

  private void checkPresent(PartitionLog log, ProducerState state, long knownFrom) {
    var known = log.producers().state(state.id());
    assertThat(known).as("producer %d", state.id()).isPresent();
    assertThat(known.get().epoch()).isEqualTo(state.epoch());
    assertThat(known.get().nextSequence()).isEqualTo(state.nextSequence());
    for (Run run : state.runs().reversed()) {
      if (run.crc().isEmpty() || run.firstOffset() < knownFrom) {
        break; // it may be many batches by now, and of more than five nobody has to know
      }
      assertThat(log.producers().judge(sent(run)))
          .as("the batch at %d of %s, known as %s", run.firstOffset(), state, known.get())
          .isEqualTo(new Duplicate(run.firstOffset(), run.endOffset()));
    }
  }

  /** The batch of a run, as it was appended. */
  private BatchHeader sent(Run run) {
    return headers.stream()
        .filter(header -> header.baseOffset() == run.firstOffset())
        .findFirst()
        .orElseThrow();
  }

  /** What it knows was so once: a wrong duplicate would be a loss. */
  private void checkTrue(ProducerState known) {
    Run last = known.runs().getLast();
    assertThat(headers)
        .as("a batch that ends at %d with number %d", last.endOffset(), last.endSequence())
        .anyMatch(header ->
            header.producerId() == known.id()
                && header.producerEpoch() == known.epoch()
                && header.nextOffset() == last.endOffset()
                && header.baseSequence() + header.lastOffsetDelta() + 1 == last.endSequence());
  }
}
