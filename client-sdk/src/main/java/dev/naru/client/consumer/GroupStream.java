package dev.naru.client.consumer;

import dev.naru.client.core.ClassicOffer;
import dev.naru.client.core.ClassicWord;
import dev.naru.client.core.LeaderHint;
import dev.naru.client.core.MemberEffect;
import dev.naru.client.core.MemberIdentity;
import dev.naru.client.core.MemberInput;
import dev.naru.client.core.MemberMessage;
import dev.naru.client.transport.AttendStream;
import dev.naru.client.transport.Channels;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.Coordinators;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member's stream to the coordinator of its group, the present one or none: looks for the node,
 * and speaks the words of the group's protocol. What an earlier stream still says is not heard.
 * Owned by the client's loop.
 */
final class GroupStream {

  private static final Logger LOG = LoggerFactory.getLogger(GroupStream.class);

  /** A node that does not end a stream after its last message would keep it open for ever. */
  private static final Duration END_MAX = Duration.ofSeconds(5);

  private final MemberIdentity identity;
  private final Optional<ClassicSide> classic;
  private final Coordinators coordinators;
  private final Channels channels;
  private final ClientLoop loop;
  private final Consumer<MemberInput> member;
  private final Ear ear = new Ear();
  private @Nullable AttendStream stream;
  private @Nullable HostPort address; // of the node that the stream goes to
  private int number; // the newest that the membership has asked for and not closed

  /**
   * Not open yet.
   *
   * @param member hears what becomes of it, on the loop; never within a call
   */
  GroupStream(
      MemberIdentity identity,
      Optional<ClassicSide> classic,
      Coordinators coordinators,
      Channels channels,
      ClientLoop loop,
      Consumer<MemberInput> member) {
    this.identity = identity;
    this.classic = classic;
    this.coordinators = coordinators;
    this.channels = channels;
    this.loop = loop;
    this.member = member;
  }

  /** Opens the one of this number, once it is known where. */
  void open(int newest) {
    number = newest;
    coordinators.find(
        identity.group(),
        found -> later(newest, () -> connect(newest, found)),
        why -> later(newest, () -> broken(newest, why)));
  }

  /** What is found at once would otherwise come in the middle of the step that asks for it. */
  private void later(int of, Runnable task) {
    loop.execute(() -> {
      if (of == number) {
        task.run();
      }
    });
  }

  private void connect(int of, HostPort to) {
    LOG.debug("Member {} of group {} goes to {}", identity.member(), identity.group(), to);
    stream = AttendStream.open(channels, to, of, identity, new Listener(of, to));
    address = to;
    member.accept(new MemberInput.Opened(of));
  }

  private void broken(int of, Refused why) {
    LOG.debug("Member {} of group {}: {}", identity.member(), identity.group(), why);
    var open = stream;
    if (open != null) {
      open.cancel("the coordinator has refused the member"); // unless it has ended by itself
    }
    number = 0;
    stream = null;
    member.accept(new MemberInput.Broken(of, why));
  }

  /** Says this, unless its stream is not the present one. */
  void send(MemberEffect.Send send) {
    var open = stream;
    if (open == null || send.stream() != number) {
      return;
    }
    var message = classic.isPresent() ? ClassicSide.said(send.message()) : send.message();
    var offers =
        message instanceof MemberMessage.Join join
            ? classic.map(side -> side.offersWith(join)).orElse(List.of())
            : List.<ClassicOffer>of();
    open.send(send.sequence(), message, offers);
  }

  /**
   * Says no more on the one of this number, which ends when the node has answered.
   *
   * @param isSilent whether that is because the node does not answer
   */
  void close(int of, boolean isSilent) {
    var open = stream;
    var silent = address;
    if (of == number && open != null) {
      open.end();
      loop.schedule(END_MAX.toNanos(), () -> open.cancel("it was ended long ago"));
      if (silent != null && isSilent) {
        coordinators.foundSilent(identity.group(), silent);
      }
    }
    number = 0;
    stream = null;
  }

  private void hear(MemberInput input) {
    member.accept(classic.isPresent() ? ClassicSide.heard(input) : input);
  }

  private void hear(ClassicWord word) {
    if (classic.isEmpty()) {
      hear(new MemberInput.Heard(word.stream(), word.heard())); // it is none of ours
    } else if (word.stream() == number) {
      classic.get().hear(word, ear);
    }
  }

  private void onClosed(int of, HostPort from, Refused why, Optional<LeaderHint> leader) {
    if (of != number) {
      return;
    }
    if (!isStillThere(why.code())) {
      coordinators.forget(identity.group(), from);
    }
    leader.ifPresent(hint -> coordinators.moved(identity.group(), hint));
    broken(of, why);
  }

  /** Whether the node that refuses is the one to ask again. */
  private static boolean isStillThere(ErrorCode code) {
    return code == ErrorCode.COORDINATOR_LOADING
        || code == ErrorCode.TOO_MANY_REQUESTS
        || code == ErrorCode.INSTANCE_ID_IN_USE
        || code == ErrorCode.FENCED_MEMBER;
  }

  private final class Ear implements ClassicSide.Ear {

    @Override
    public boolean isStill(int of) {
      return of == number;
    }

    @Override
    public void take(MemberInput input) {
      if (input instanceof MemberInput.Broken broken) {
        later(broken.stream(), () -> broken(broken.stream(), broken.why()));
      } else {
        member.accept(input);
      }
    }
  }

  /** Brings what the event loop says to the client's loop. */
  private final class Listener implements AttendStream.Listener {

    private final int of;
    private final HostPort address;

    Listener(int of, HostPort address) {
      this.of = of;
      this.address = address;
    }

    @Override
    public void onInput(MemberInput input) {
      loop.execute(() -> hear(input));
    }

    @Override
    public void onWord(ClassicWord word) {
      loop.execute(() -> hear(word));
    }

    @Override
    public void onClosed(Refused why, Optional<LeaderHint> leader) {
      loop.execute(() -> GroupStream.this.onClosed(of, address, why, leader));
    }
  }
}
