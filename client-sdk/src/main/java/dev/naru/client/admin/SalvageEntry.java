package dev.naru.client.admin;

import dev.naru.types.HostPort;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Something that a node has set aside: bytes that are no longer part of a log.
 *
 * @param name its resource name, {@code nodes/ID/salvage/…}
 * @param nodeAddress where clients reach that node
 * @param topicId whose log it was; empty if nothing says so
 * @param topic the name of that topic; empty if there is no such topic now
 * @param why the reason with all that is known, for people
 * @param epochs which leader epochs wrote it: {@code epoch@offset}, separated by spaces
 * @param created when it was set aside
 * @param bytes how many bytes of batches there are
 * @param files in how many files
 * @param unreadable why nothing more is known; empty when its manifest is sound
 */
public record SalvageEntry(
    String name,
    int node,
    HostPort nodeAddress,
    Optional<UUID> topicId,
    Optional<String> topic,
    OptionalInt partition,
    SalvageReason reason,
    String why,
    Offsets offsets,
    String epochs,
    Optional<Instant> created,
    long bytes,
    int files,
    Optional<String> unreadable) {

  /**
   * Which offsets it held in its log.
   *
   * @param from the first one, if anything says so
   * @param to where it ended, exclusive, if anybody knew
   */
  public record Offsets(OptionalLong from, OptionalLong to) {}

  /** What people call it: {@code NODE/DIRECTORY-NUMBER}. */
  public String id() {
    return node + name.substring(name.lastIndexOf('/'));
  }
}
