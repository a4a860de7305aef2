/**
 * The coordinator of groups: a {@link dev.naru.broker.coordinator.GroupShard} lives with the leader
 * of each partition of {@code __consumer_offsets}, and runs {@link
 * dev.naru.broker.group.GroupMachine} for the groups that belong there. Here is all that is soft:
 * streams, deadlines, and who waits for what to be committed.
 *
 * <h2>One request</h2>
 *
 * <p>It is decided, and what follows is written as one batch and applied to the image at once, so
 * that the next request is decided by it. But nobody hears of it, neither who asked nor the members
 * that it concerns, before the batch is committed. A request that changes nothing waits for the
 * last batch of its group, as its answer may rest on that. Nothing is ever taken back: a batch that
 * was written can only vanish with the leadership, and with that the whole shard goes.
 *
 * <h2>A coordinator that others have left</h2>
 *
 * <p>Cut off from the controller but not from its clients it can commit nothing, so it can neither
 * grant nor take. What it could do is to answer what needs no write, and so to prolong leases that
 * its successor knows nothing of. Three rules keep that harmless:
 *
 * <ol>
 *   <li>It prolongs leases only while {@link dev.naru.broker.coordinator.Standing} says that its
 *       image is current, which ends before anybody else can have led for long. After that answers
 *       wait for a write to be committed, one a second at most, by which it shows that it still
 *       leads. So groups go on while the metadata quorum is lost.
 *   <li>After it has loaded, a coordinator gives every member a session and the time on top for
 *       which its predecessor may have gone on by the first rule.
 *   <li>Offsets are read only after such a write: what was committed elsewhere is never missed.
 * </ol>
 *
 * <h2>Who loses its place</h2>
 *
 * <p>Only who was silent for a session, since only then is its lease over for certain. A member
 * that does not give back in time what others wait for is told that it is out, and is heard no
 * more; but what it has goes to others when it comes back with empty hands, or when its session has
 * ended.
 *
 * <h2>Limits</h2>
 *
 * <p>{@link dev.naru.broker.group.GroupLimits} and {@link dev.naru.broker.coordinator.ShardLimits}.
 */
@NullMarked
package dev.naru.broker.coordinator;

import org.jspecify.annotations.NullMarked;
