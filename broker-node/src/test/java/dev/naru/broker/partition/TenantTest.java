package dev.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.partition.PartitionInput.TenantAsked;
import dev.naru.broker.partition.PartitionInput.TenantTold;
import dev.naru.broker.replica.Acks;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.Refused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A partition with a tenant: who is asked, what it may write, and when it ends. */
class TenantTest {

  private final List<Echo> tenants = new ArrayList<>();
  private final List<ErrorCode> refused = new ArrayList<>();
  private final OnePartition one = OnePartition.with(this::begin);

  private Tenant begin(TenantLog log, long nowNanos) {
    var echo = new Echo(log);
    tenants.add(echo);
    return echo;
  }

  private record Say(String text) implements TenantInput {}

  /** Writes what it is told, and remembers what of it is committed. */
  private static final class Echo implements Tenant {

    final TenantLog log;
    final List<Long> waiting = new ArrayList<>();
    final List<Long> committed = new ArrayList<>();
    final List<Refused> notWritten = new ArrayList<>();
    Optional<Refused> resigned = Optional.empty();
    int ticks;
    int settled;

    Echo(TenantLog log) {
      this.log = log;
    }

    @Override
    public void take(TenantInput input) {
      var why = log.append(batch(((Say) input).text()));
      why.ifPresentOrElse(notWritten::add, () -> waiting.add(log.end()));
    }

    @Override
    public void committed(long highWatermark) {
      waiting.stream().filter(end -> end <= highWatermark).forEach(committed::add);
      waiting.removeIf(end -> end <= highWatermark);
    }

    @Override
    public void tick(long nowNanos) {
      ticks++;
    }

    @Override
    public void settle() {
      settled++;
    }

    @Override
    public boolean isAtRest() {
      return true;
    }

    @Override
    public void resign(Refused why) {
      resigned = Optional.of(why);
    }
  }

  private static BatchBytes batch(String text) {
    var builder = new BatchBuilder(1_000);
    builder.append(1_000, text.getBytes(StandardCharsets.UTF_8), null, List.of());
    return builder.build(Compression.NONE);
  }

  @Test
  void beginsWithTheLeadershipAndEndsWithIt() {
    lead();
    var first = tenants.getFirst();

    assertThat(first.log.epoch()).isEqualTo(new LeaderEpoch(one.assignment.leaderEpoch()));
    assertThat(first.resigned).isEmpty();

    ask("a");
    one.settleAndForce();
    one.image(one.assignment.withLeader(0));

    assertThat(first.resigned.orElseThrow().code()).isEqualTo(ErrorCode.NOT_LEADER);

    one.image(one.assignment.withLeader(1));

    assertThat(tenants).hasSize(2);
    assertThat(tenants.getLast().log.epochStart()).isEqualTo(1);
  }

  @Test
  void hearsWhatIsCommittedAndNothingBefore() {
    lead();

    ask("a");

    assertThat(tenants.getFirst().committed).isEmpty();

    one.settleAndForce();

    assertThat(tenants.getFirst().committed).containsExactly(1L);
    assertThat(one.outside.answers).isEmpty();
    assertThat(one.log.end()).isEqualTo(1);
  }

  @Test
  void whatIsRefusedIsNotWritten() {
    one.image(one.assignment.withIsr(1).withMinInsync(2));

    ask("a");

    assertThat(tenants.getFirst().notWritten)
        .extracting(Refused::code)
        .containsExactly(ErrorCode.NOT_ENOUGH_REPLICAS);
    assertThat(one.log.end()).isZero();

    one.image(one.assignment.withMinInsync(1));
    ask("b");

    assertThat(one.log.end()).isEqualTo(1);
  }

  @Test
  void nobodyIsAskedWhereItIsNotLed() {
    ask("a");
    one.image(one.assignment.withLeader(2));
    ask("a");

    assertThat(refused).hasSize(2);
    assertThat(tenants).isEmpty();
  }

  @Test
  void nobodyIsAskedOfAPartitionOfUsers() {
    var users = OnePartition.alone();

    users.take(new TenantAsked(new Say("a"), why -> refused.add(why.code())));

    assertThat(refused).containsExactly(ErrorCode.NOT_LEADER);
  }

  @Test
  void isNotToldWhatAnEarlierOneWaitedFor() {
    lead();
    var earlier = new LeaderEpoch(one.assignment.leaderEpoch());
    one.image(one.assignment.withLeader(0));
    one.image(one.assignment.withLeader(1));

    one.take(new TenantTold(earlier, new Say("late")));

    assertThat(one.log.end()).isZero();

    one.take(new TenantTold(new LeaderEpoch(one.assignment.leaderEpoch()), new Say("mine")));

    assertThat(one.log.end()).isEqualTo(1);
  }

  @Test
  void hearsOfTimeAndOfTheEndOfATurn() {
    lead();
    ask("a");
    one.settleAndForce();
    one.pass(Duration.ofSeconds(1));

    assertThat(tenants.getFirst().ticks).isPositive();
    assertThat(tenants.getFirst().settled).isPositive();
  }

  @Test
  void goesOnBesideClientsThatWriteWhereTheyMay() {
    lead();

    ask("a");
    long request = one.produce(Acks.ALL, 2);
    ask("b");
    one.settleAndForce();

    assertThat(one.outside.answers).hasSize(1);
    assertThat(request).isPositive();
    assertThat(tenants.getFirst().committed).containsExactly(1L, 4L);
  }

  private void lead() {
    one.image(one.assignment.withIsr(1).withMinInsync(1));
  }

  private void ask(String text) {
    one.take(new TenantAsked(new Say(text), why -> refused.add(why.code())));
  }
}
