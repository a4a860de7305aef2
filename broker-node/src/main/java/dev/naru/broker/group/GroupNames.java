package dev.naru.broker.group;

import dev.naru.types.ChosenName;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pcollections.TreePSet;

/** Which names people may give to a group and to its members. */
public final class GroupNames {

  private static final String RULE = ChosenName.RULE + ", but was not";

  private GroupNames() {}

  /** Why a group cannot have this name, if it cannot. */
  public static Optional<Refused> check(String group) {
    return ChosenName.isValid(group)
        ? Optional.empty()
        : Optional.of(
            new Refused(
                ErrorCode.INVALID_GROUP_ID,
                "Expected a group id of %s, but it has %d characters"
                    .formatted(ChosenName.RULE, group.length())));
  }

  /** Why a member cannot call itself, or where it runs, like this. */
  static Optional<Refused> check(MemberProfile profile) {
    return Stream.concat(profile.instance().stream(), profile.rack().stream())
        .filter(name -> !ChosenName.isValid(name))
        .findFirst()
        .map(name ->
            new Refused(
                ErrorCode.INVALID_REQUEST, "Expected an instance id and a rack of " + RULE));
  }

  /** Why a member cannot want topics of these names. They need not exist. */
  static Optional<Refused> check(TreePSet<String> topics) {
    return topics.stream()
        .filter(name -> !ChosenName.isValid(name))
        .findFirst()
        .map(name ->
            new Refused(ErrorCode.INVALID_TOPIC_NAME, "Expected names of topics of " + RULE));
  }

  /** Why a classic member cannot offer these. */
  static Optional<Refused> check(List<ClassicOffer> offers) {
    return offers.stream()
        .filter(offer -> !ChosenName.isValid(offer.name()))
        .findFirst()
        .map(offer ->
            new Refused(ErrorCode.INVALID_REQUEST, "Expected names of protocols of " + RULE));
  }
}
