package dev.naru.client.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.TopicPartition;
import dev.naru.client.core.ClassicBytes.Wishes;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ClassicBytesTest {

  private static SortedSet<TopicPartition> partitions(TopicPartition... all) {
    return new TreeSet<>(List.of(all));
  }

  private static TopicPartition a(int number) {
    return new TopicPartition("a", number);
  }

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return HexFormat.of().formatHex(copy);
  }

  @Test
  void readsWhatItWrites() {
    var wishes =
        new Wishes(
            new TreeSet<>(List.of("a", "\u00e9")),
            partitions(a(0), a(7), new TopicPartition("\u00e9", 1)),
            5);

    assertThat(ClassicBytes.wishes(ClassicBytes.write(wishes))).isEqualTo(wishes);
    assertThat(ClassicBytes.assignment(ClassicBytes.write(wishes.owned())))
        .isEqualTo(wishes.owned());
  }

  @Test
  void writesTheLayoutOfKafkasConsumers() {
    assertThat(
            hex(ClassicBytes.write(new Wishes(new TreeSet<>(List.of("a")), partitions(a(3)), 9))))
        .isEqualTo(
            "0002 00000001 000161 ffffffff 00000001 000161 00000001 00000003 00000009"
                .replace(" ", ""));
    assertThat(hex(ClassicBytes.write(partitions(a(3)))))
        .isEqualTo("0001 00000001 000161 00000001 00000003 ffffffff".replace(" ", ""));
  }

  @Test
  void readsOlderAndNewerWords() {
    var none = Collections.<TopicPartition>emptySortedSet();
    var topics = new TreeSet<>(List.of("a"));

    assertThat(ClassicBytes.wishes(bytes("0000 00000001 000161 ffffffff")))
        .isEqualTo(new Wishes(topics, none, -1));
    assertThat(ClassicBytes.wishes(bytes("0001 00000001 000161 00000001 ff 00000000")))
        .isEqualTo(new Wishes(topics, none, -1));
    assertThat(
            ClassicBytes.wishes(bytes("0003 00000001 000161 ffffffff 00000000 00000007 0001 72")))
        .isEqualTo(new Wishes(topics, none, 7));
    assertThat(ClassicBytes.assignment(bytes(""))).isEmpty();
  }

  @Test
  void refusesWhatIsNoWord() {
    for (var damaged :
        List.of(
            "",
            "00",
            "0002 7fffffff",
            "0002 ffffffff",
            "0002 00000001 7fff61",
            "0002 00000001 ffff",
            "0002 00000000 7fffffff",
            "0002 00000000 ffffffff 00000001 000161 40000000")) {
      assertThatThrownBy(() -> ClassicBytes.wishes(bytes(damaged)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> ClassicBytes.assignment(bytes("0001 00000002")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void givesNothingToAMemberThatCannotBeUnderstood() {
    var clear = new UUID(0, 1);
    var unclear = new UUID(0, 2);
    var lead =
        ClassicLead.of(
            4,
            new RangeAssignor(),
            List.of(
                new ClassicCandidate(
                    clear,
                    Optional.empty(),
                    ClassicBytes.write(new Wishes(new TreeSet<>(List.of("a")), partitions(), 0))),
                new ClassicCandidate(unclear, Optional.empty(), bytes("07"))));
    var counts = new TreeMap<String, Integer>();
    counts.put("a", 2);

    assertThat(lead.topics()).containsExactly("a");
    var shares = new TreeMap<UUID, SortedSet<TopicPartition>>();
    lead.shares(counts).forEach((id, share) -> shares.put(id, ClassicBytes.assignment(share)));
    assertThat(shares.get(clear)).containsExactly(a(0), a(1));
    assertThat(shares.get(unclear)).isEmpty();
  }
}
