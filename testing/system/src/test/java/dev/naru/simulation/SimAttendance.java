package dev.naru.simulation;

import dev.naru.broker.coordinator.FromMember;
import dev.naru.broker.coordinator.GroupShard;
import dev.naru.broker.coordinator.MemberStream;
import dev.naru.broker.coordinator.ShardInput;
import dev.naru.broker.coordinator.ShardInput.Attends;
import dev.naru.broker.coordinator.ShardInput.Says;
import dev.naru.broker.coordinator.ShardInput.StreamEnded;
import dev.naru.broker.coordinator.ToMember;
import dev.naru.broker.partition.PartitionInput.TenantAsked;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The streams of members that stand at a process, and calls about groups. */
final class SimAttendance {

  private static final Refused ENDED =
      new Refused(ErrorCode.REQUEST_TIMEOUT, "Expected the stream to stay open, but it ended");

  private final SimProcess process;
  private final List<Attending> open = new ArrayList<>();

  /** Who hears what a coordinator says on one stream. */
  interface Listener {

    void told(long heard, ToMember message);

    /**
     * The stream is no more.
     *
     * @param coordinator the node that the coordinator is on, as far as this one knows
     */
    void closed(Refused why, Optional<Integer> coordinator);
  }

  SimAttendance(SimProcess process) {
    this.process = process;
  }

  /** Opens a stream of this client for a member of a group that is kept here. */
  Attending open(int client, PartitionId log, Listener listener) {
    var attending = new Attending(client, log, listener);
    open.add(attending);
    return attending;
  }

  void breakAll() {
    List.copyOf(open).forEach(each -> each.stream.breakUp());
    open.clear();
  }

  /** One member's stream to this process. */
  final class Attending implements MemberStream {

    private final PartitionId log;
    private final Listener listener;
    private final SimStream stream;
    private boolean hasJoined;
    private boolean hasLeft;
    private boolean isClosed;

    private Attending(int client, PartitionId log, Listener listener) {
      this.log = log;
      this.listener = listener;
      var net = process.cluster().net();
      stream =
          new SimStream(
              net,
              net::isCut,
              client,
              process.node(),
              () -> listener.closed(ENDED, Optional.empty()),
              () -> process.asSoonAsRunning(this::ended));
    }

    // ---- from the member

    void join(Function<MemberStream, Attends> join) {
      there(() -> {
        var leads = process.partition(log).filter(found -> found.view().isLeader());
        if (leads.isEmpty()) {
          refuse(
              new Refused(ErrorCode.NOT_LEADER, "Expected the coordinator, but asked another one"));
        } else {
          hasJoined = true;
          ask(join.apply(this));
        }
      });
    }

    void say(long sequence, FromMember message) {
      there(() -> {
        if (hasJoined) {
          hasLeft |= message instanceof FromMember.Leaves;
          ask(new Says(this, sequence, message));
        }
      });
    }

    /** Says nothing more. Whoever has said that it leaves still waits to hear that it is out. */
    void end() {
      there(() -> {
        if (!hasLeft) {
          over();
        }
      });
    }

    void cut() {
      stream.breakUp();
    }

    private void there(Runnable arrived) {
      stream.there(() ->
          process.asSoonAsRunning(() -> {
            if (!isClosed) {
              arrived.run();
            }
          }));
    }

    private void ask(ShardInput input) {
      SimAttendance.this.ask(log, input);
    }

    private void ended() {
      if (!isClosed) {
        isClosed = true;
        open.remove(this);
        process.post(log, new TenantAsked(new StreamEnded(this), _ -> {}));
      }
    }

    /** After what was said last. */
    private void over() {
      stream.back(stream::breakUp);
      ended();
    }

    // ---- from the coordinator

    @Override
    public boolean isOpen() {
      return !isClosed;
    }

    @Override
    public void tell(long heard, ToMember message) {
      if (!isClosed) {
        process.cluster().crowd().calls().answered(process, log);
        stream.back(() -> listener.told(heard, message));
      }
    }

    @Override
    public void refuse(Refused why) {
      if (!isClosed) {
        var hint = why.code() == ErrorCode.NOT_LEADER ? hint() : Optional.<Integer>empty();
        stream.back(() -> listener.closed(why, hint));
        over();
      }
    }

    @Override
    public void complete() {
      if (!isClosed) {
        stream.back(() -> listener.closed(ENDED, Optional.empty()));
        over();
      }
    }

    private Optional<Integer> hint() {
      return process
          .image()
          .partition(log)
          .flatMap(entry -> entry.leader())
          .map(node -> node.value())
          .filter(node -> node != process.node());
    }
  }

  /** Asks whoever coordinates the groups of this partition here; it refuses if nobody does. */
  void ask(PartitionId log, ShardInput input) {
    var asked = new TenantAsked(input, why -> GroupShard.refuse(input, why));
    if (process.partition(log).isEmpty()) {
      asked.refused().accept(new Refused(ErrorCode.NOT_LEADER, "Expected to hold " + log));
    } else {
      process.post(log, asked);
    }
  }
}
