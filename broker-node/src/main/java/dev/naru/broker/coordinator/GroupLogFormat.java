package dev.naru.broker.coordinator;

import dev.naru.broker.group.GroupEvent;
import java.nio.ByteBuffer;
import java.util.Optional;

/** How groups are written to their log and read back. For any thread. */
public interface GroupLogFormat {

  /**
   * A record of the log.
   *
   * @param value none if the key is gone
   */
  record Entry(ByteBuffer key, Optional<ByteBuffer> value) {}

  /** The record that says this. */
  Entry encode(GroupChange change);

  /** The record that says nothing. */
  Entry barrier();

  /**
   * What the record says; empty for {@link #barrier}.
   *
   * @throws UnreadableGroupException if this release does not know
   */
  Optional<GroupChange> decode(Entry entry);

  /** Encodes what happened to one group. */
  default Entry encode(String group, GroupEvent event) {
    return encode(new GroupChange(group, event));
  }
}
