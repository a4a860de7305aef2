/**
 * Consumer groups: who of the members of a group reads which partition, and where each is to go on.
 * Values and functions only. {@link dev.naru.broker.group.GroupMachine} decides what a command
 * leads to, and what an event does to the {@link dev.naru.broker.group.GroupImage}; whoever runs it
 * writes the events to the group's log, tells members what follows from the image, and knows what
 * is soft: streams, and when somebody was last heard.
 *
 * <h2>A partition changes hands</h2>
 *
 * <p>The coordinator keeps for every member a <em>target</em>, what it should read, and what it
 * <em>holds</em>, what it was told to read and has not given back. Only the difference moves, and a
 * partition moves by itself, in two steps ({@link dev.naru.broker.group.Reconcile}):
 *
 * <pre>
 *   coordinator → A   all you may read, as of epoch 8: p0              p1 is REVOKED, and still A's
 *   A → coordinator   commit p1; of what I was told up to 8 I hold p0  p1 is FREE, and at once B's
 *   coordinator → B   all you may read, as of epoch 9: p1, from 4711
 * </pre>
 *
 * <p>Who reads p0 hears nothing of all this. A member answers every list with what it then holds,
 * also when there was nothing to give back. Lists are whole, so it does no harm when one is
 * repeated or overtaken by a newer one.
 *
 * <h2>Epochs</h2>
 *
 * <p>One counter a group. It rises with every command that adds a member or changes what one is
 * allowed; the members concerned, the grants and the orders to give back carry the number. What a
 * member sends carries the newest number it was told. By comparing the two, each question has an
 * answer that does not depend on when a message arrives:
 *
 * <ul>
 *   <li>Has it given back? Only if it was told to, before it said so.
 *   <li>May it commit? If it holds the partition, and was told of this grant, not of one before. It
 *       may while it gives back; and whatever else moves in the group does not concern it.
 *   <li>May it go on after its stream broke? If it is known, and holds no more than it was granted.
 *       Otherwise it is fenced: it drops what it has and begins anew, with everything granted anew.
 * </ul>
 *
 * <p>Only what says "I have nothing" needs no epoch, and is so believed once: each join has a
 * number of its own, its attempt, and one that was overtaken by a later join is refused to its
 * stream alone.
 *
 * <p>A target is made for an {@linkplain dev.naru.broker.group.Interest interest}: members,
 * subscriptions, topics. The interest has an epoch of its own, so that a target that is computed
 * beside the loop, for a large group, is only thrown away when its question has changed, and not
 * with every partition that is given back meanwhile. The topics of the answer are remembered, by
 * their index in the metadata log and a digest: so another coordinator sees whether they have
 * changed since, and whether its own are older.
 *
 * <h2>Coming and going</h2>
 *
 * <p>A broken stream is no leave; silence for a session is. The member counts its lease from when
 * it sent what was heard, the coordinator from when it heard it, so the member stops first, and
 * what it held may be handed on at once.
 *
 * <p>Two kinds of members are to go although they are not silent: who does not give back in time
 * what it was told to, and who does not come in time for a round of a classic group. They may read
 * as long as they have a lease. So the coordinator tells them that they are out, hears them no
 * more, and takes them out ({@link dev.naru.broker.group.GroupCommand.Expire}) one session after
 * the last time it did. Who has heard it comes back before, with empty hands.
 *
 * <p>A place can outlive its process: that of a {@code group.instance.id}, or of a leaver that is
 * waited for. Whoever comes for it in time takes it over with its target, and nobody else hears of
 * it ({@link dev.naru.broker.group.Places}). The grants are new ones, so the old process is fenced.
 * While nobody has come it keeps what it has, and is given nothing more.
 *
 * <h2>The classic protocol</h2>
 *
 * <p>A member decides for all, and what it decides is opaque. So nothing is held here; instead all
 * come again with empty hands before anything is handed out ({@link
 * dev.naru.broker.group.ClassicRound}). The round is in the image like everything else and goes on
 * at another coordinator. It is begun anew when topics have changed: as the coordinator sees them,
 * or as the leader does, which subscribes anew then.
 *
 * <h2>The log</h2>
 *
 * <p>Every event is the whole state of one key: the group, what a member wants, what it holds, an
 * offset. Replaying a log is "the last state of a key wins"; it asks for no order between keys and
 * refuses nothing, so it gives the same image after every compaction. One command is one batch, so
 * none is seen by half.
 *
 * <h2>Why this is safe</h2>
 *
 * <p>{@link dev.naru.broker.group.GroupRules} has the decisions on which it rests. Invariants: no
 * partition is held by two; what is allowed is held and in the target; a target is disjoint, and
 * its topics are wanted; epochs only rise. A model in which whatever members say comes late, on
 * streams that they have long given up, or never, checks them with every step, and that the
 * members' own beliefs never overlap; with any of these rules replaced by a wrong one it fails.
 */
@NullMarked
package dev.naru.broker.group;

import org.jspecify.annotations.NullMarked;
