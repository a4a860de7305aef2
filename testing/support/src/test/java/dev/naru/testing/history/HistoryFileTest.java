package dev.naru.testing.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.testing.Seeds;
import dev.naru.testing.history.Operation.Answered;
import dev.naru.testing.history.Operation.OfMember.Assigned;
import dev.naru.testing.history.Operation.OfMember.CommitInvoked;
import dev.naru.testing.history.Operation.OfMember.Committed;
import dev.naru.testing.history.Operation.OfMember.Found;
import dev.naru.testing.history.Operation.OfMember.Joined;
import dev.naru.testing.history.Operation.OfMember.Leased;
import dev.naru.testing.history.Operation.OfMember.Lost;
import dev.naru.testing.history.Operation.OfMember.Revoked;
import dev.naru.testing.history.Operation.Polled;
import dev.naru.testing.history.Operation.Positioned;
import dev.naru.testing.history.Operation.Released;
import dev.naru.testing.history.Operation.SendFailed;
import dev.naru.testing.history.Operation.SendInvoked;
import dev.naru.testing.history.Operation.SendOk;
import dev.naru.testing.history.Operation.SendUnknown;
import dev.naru.testing.history.Operation.SessionBegan;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {

  private static final List<PartitionName> PARTITIONS =
      List.of(
          new PartitionName("a", 0),
          new PartitionName("b".repeat(249), 7),
          new PartitionName("c".repeat(40), Integer.MAX_VALUE));

  @TempDir Path directory;

  @Test
  void givesBackWhateverWasAppended() {
    Seeds.forEach(
        30,
        (seed, random) -> {
          var path = directory.resolve("history-" + seed);
          var written = operations(random);

          try (var file = HistoryFile.create(path)) {
            written.forEach(file::append);
          }

          assertThat(read(path)).isEqualTo(written);
          assertThat(HistoryFile.read(path).isWhole()).isTrue();
        });
  }

  @Test
  void keepsWhatWasFlushedWhenItsClientIsKilled() {
    Seeds.forEach(
        30,
        (seed, random) -> {
          var path = directory.resolve("cut-" + seed);
          var written = operations(random);
          var file = HistoryFile.create(path);
          written.forEach(file::append);
          file.flush();

          assertThat(read(path)).isEqualTo(written);
          assertThat(HistoryFile.read(path).isWhole()).isFalse();
        });
  }

  @Test
  void readsTheWholeEntriesOfATornFile() {
    Seeds.forEach(
        100,
        (seed, random) -> {
          var path = directory.resolve("torn-" + seed);
          var written = operations(random);
          try (var file = HistoryFile.create(path)) {
            written.forEach(file::append);
          }
          long size = Files.size(path);
          try (var channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(random.nextLong(size));
          }

          var read = read(path);

          assertThat(read).isEqualTo(written.subList(0, read.size()));
          assertThat(HistoryFile.read(path).isWhole()).isFalse();
        });
  }

  @Test
  void refusesAFileThatIsNoHistory() throws IOException {
    var path = Files.writeString(directory.resolve("text"), "not a history ".repeat(10));

    assertThatThrownBy(() -> read(path)).hasMessageContaining("Expected a history in");
  }

  @Test
  void refusesToWriteOverAHistory() {
    var path = directory.resolve("there");
    HistoryFile.create(path).close();

    assertThatThrownBy(() -> HistoryFile.create(path)).hasMessageContaining(path.toString());
  }

  private static List<Operation> read(Path path) {
    var read = new ArrayList<Operation>();
    HistoryFile.read(path).replay(read::add);
    return read;
  }

  private static List<Operation> operations(RandomGenerator random) {
    int count = random.nextInt(1, 5_000);
    var operations = new ArrayList<Operation>();
    for (int i = 0; i < count; i++) {
      operations.add(operation(random));
    }
    return operations;
  }

  private static Operation operation(RandomGenerator random) {
    long at = random.nextLong();
    long offset = random.nextLong(Long.MAX_VALUE);
    int epoch = random.nextInt(1 << 20);
    boolean is = random.nextBoolean();
    var partition = PARTITIONS.get(random.nextInt(PARTITIONS.size()));
    var value = new Value(random.nextInt(Integer.MAX_VALUE), random.nextInt(Integer.MAX_VALUE));
    return switch (random.nextInt(17)) {
      case 0 -> new SessionBegan(at, value.producer(), Acks.of(random.nextInt(3)), is);
      case 1 -> new SendInvoked(at, value);
      case 2 -> new SendOk(at, value, partition, optional(is, offset));
      case 3 -> new SendFailed(at, value);
      case 4 -> new SendUnknown(at, value);
      case 5 ->
          new Polled(at, partition, offset, epoch, is ? Optional.of(value) : Optional.empty());
      case 6 -> new Positioned(at, partition, optional(is, offset));
      case 7 -> new Released(at, partition);
      case 8 -> new Joined(at, random.nextInt());
      case 9 -> new Assigned(at, partition);
      case 10 -> new Revoked(at, partition);
      case 11 -> new Lost(at, partition);
      case 12 -> new Leased(at, random.nextLong());
      case 13 -> new CommitInvoked(at, partition, offset);
      case 14 -> new Committed(random.nextLong(), at, partition, offset);
      case 15 -> new Found(random.nextLong(), at, partition, optional(is, offset));
      default ->
          new Answered(
              random.nextLong(),
              at,
              partition,
              random.nextBoolean() ? Bound.LOG_START : Bound.HIGH_WATERMARK,
              offset,
              is ? OptionalInt.of(epoch) : OptionalInt.empty());
    };
  }

  private static OptionalLong optional(boolean is, long offset) {
    return is ? OptionalLong.of(offset) : OptionalLong.empty();
  }
}
