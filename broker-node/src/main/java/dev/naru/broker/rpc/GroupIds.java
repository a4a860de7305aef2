package dev.naru.broker.rpc;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Which ids a group may have. The SDK knows the same rule, as one of {@code group.id}. */
final class GroupIds {

  private static final int BYTES_MAX = 249; // as long as the name of a topic may be

  private GroupIds() {}

  /** Empty if a group may have this id. */
  static Optional<Refused> check(String group) {
    int bytes = group.getBytes(StandardCharsets.UTF_8).length;
    return bytes >= 1 && bytes <= BYTES_MAX && group.chars().noneMatch(Character::isISOControl)
        ? Optional.empty()
        : Optional.of(
            new Refused(
                ErrorCode.INVALID_GROUP_ID,
                "Expected a group id of 1 to %d bytes of UTF-8 without control characters, but was %d bytes long"
                    .formatted(BYTES_MAX, bytes)));
  }
}
