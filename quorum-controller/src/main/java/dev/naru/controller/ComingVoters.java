package dev.naru.controller;

import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.log.MetadataLog;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The changes of voters that are under way, and what must not happen meanwhile: that a node which
 * votes, or is about to, is decommissioned. It would be forgotten as a node and remain a voter for
 * ever.
 *
 * <p>No entry of the metadata log says who votes, so that no rule of the machine can refuse it. But
 * the active controller knows, and all commands and all changes of voters pass it, on one thread: a
 * change that is asked for here comes after every command that was handed to the log before, and
 * looks at what those did to the node before it makes it a voter.
 *
 * <p>Owned by the thread {@code controller}. How many changes wait is limited by the log.
 */
final class ComingVoters {

  private static final Logger LOG = LogManager.getLogger(ComingVoters.class);

  private final MetadataLog log;
  private final Consumer<ControllerInput> mailbox;
  private final List<ControllerInput.VotersAsked> underWay = new ArrayList<>();

  ComingVoters(MetadataLog log, Consumer<ControllerInput> mailbox) {
    this.log = log;
    this.mailbox = mailbox;
  }

  void begin(ControllerInput.VotersAsked asked) {
    underWay.add(asked);
    var _ =
        change(asked)
            .whenComplete((refused, fault) ->
                mailbox.accept(
                    new ControllerInput.VotersAnswered(
                        asked, fault == null ? refused : Optional.of(broken(asked, fault)))));
  }

  /** One that cannot be handed over must not end the controller. */
  private CompletableFuture<Optional<Refused>> change(ControllerInput.VotersAsked asked) {
    try {
      return log.changeVoters(asked.change(), asked.isGivenUp());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static Refused broken(ControllerInput.VotersAsked asked, Throwable fault) {
    LOG.info("It is not known what became of {}, and whoever asked is told", asked.change(), fault);
    return new Refused(
        ErrorCode.INTERNAL,
        "Expected the voters to change, but: %s; look at naru cluster quorum before you ask again"
            .formatted(fault.getMessage()));
  }

  /** False if it was taken out before. */
  boolean takeOut(ControllerInput.VotersAsked asked) {
    return underWay.remove(asked);
  }

  List<ControllerInput.VotersAsked> takeOutAll() {
    var all = List.copyOf(underWay);
    underWay.clear();
    return all;
  }

  /** Empty of a command that takes no node away. */
  Optional<Refused> whyNot(MetadataCommand command) {
    return command instanceof DecommissionNode decommission
        ? whyItMustStay(decommission.node())
        : Optional.empty();
  }

  private Optional<Refused> whyItMustStay(NodeId node) {
    return log.quorum()
        .whyItMustStay(node)
        .or(() ->
            underWay.stream()
                .filter(each -> !each.change().isDryRun())
                .filter(each -> each.change().promoted().contains(node))
                .findFirst()
                .map(_ ->
                    new Refused(
                        ErrorCode.INVALID_REQUEST,
                        "Expected a node that is not to vote, but node %s is being made a voter of the metadata quorum at this moment; look at naru cluster quorum, and ask again if it does not vote"
                            .formatted(node))));
  }
}
