package dev.naru.client.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class LaneSequenceTest {

  private final LaneSequence sequence = new LaneSequence();

  private static ProducerStamp stamp(int epoch, int sequence) {
    return new ProducerStamp(7, (short) epoch, sequence);
  }

  @Test
  void givesNoNumbersBeforeItHasAnId() {
    assertThat(sequence.isOpen()).isFalse();
    assertThat(sequence.isFresh()).isFalse();
    assertThatThrownBy(sequence::peek).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(() -> sequence.took(1)).isInstanceOf(IllegalStateException.class);

    sequence.breakChain();

    assertThat(sequence.isOpen()).isFalse();
  }

  @Test
  void countsRecordsNotBatches() {
    sequence.open(7, (short) 0);

    assertThat(sequence.peek()).isEqualTo(stamp(0, 0));
    sequence.took(3);
    assertThat(sequence.peek()).isEqualTo(stamp(0, 3));
    sequence.took(1);
    assertThat(sequence.peek()).isEqualTo(stamp(0, 4));
  }

  @Test
  void movesOnlyWhenABatchLeaves() {
    sequence.open(7, (short) 0);

    assertThat(sequence.peek()).isEqualTo(sequence.peek());
    assertThat(sequence.isFresh()).isTrue();
    assertThatThrownBy(() -> sequence.took(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void countsZeroAfterTheGreatestNumber() {
    sequence.open(7, (short) 0);
    sequence.took(Integer.MAX_VALUE);
    assertThat(sequence.peek()).isEqualTo(stamp(0, Integer.MAX_VALUE));

    sequence.took(1);
    assertThat(sequence.peek()).isEqualTo(stamp(0, 0));
    assertThat(sequence.isFresh()).isFalse();

    sequence.took(Integer.MAX_VALUE);
    sequence.took(5);
    assertThat(sequence.peek()).isEqualTo(stamp(0, 4));
  }

  @Test
  void beginsAnewInTheNextEpochWhenTheChainBreaks() {
    sequence.open(7, (short) 0);
    sequence.took(3);

    sequence.breakChain();

    assertThat(sequence.peek()).isEqualTo(stamp(1, 0));
    assertThat(sequence.isFresh()).isTrue();
  }

  @Test
  void wastesNoEpochThatNothingWasSentIn() {
    sequence.open(7, (short) 0);
    sequence.breakChain();
    assertThat(sequence.peek()).isEqualTo(stamp(0, 0));

    sequence.took(1);
    sequence.breakChain();
    sequence.breakChain();
    assertThat(sequence.peek()).isEqualTo(stamp(1, 0));
  }

  @Test
  void needsAnotherIdAfterTheLastEpoch() {
    sequence.open(7, (short) 0);
    for (int epoch = 0; epoch < Short.MAX_VALUE; epoch++) {
      assertThat(sequence.peek()).isEqualTo(stamp(epoch, 0));
      sequence.took(1);
      sequence.breakChain();
    }
    assertThat(sequence.peek()).isEqualTo(stamp(Short.MAX_VALUE, 0));

    sequence.took(1);
    sequence.breakChain();
    assertThat(sequence.isOpen()).isFalse();

    sequence.open(8, (short) 3);
    assertThat(sequence.peek()).isEqualTo(new ProducerStamp(8, (short) 3, 0));
  }
}
