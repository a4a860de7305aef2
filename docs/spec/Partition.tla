----------------------------- MODULE Partition -----------------------------
(***************************************************************************)
(* One partition of Naru: its replicas, their leader, the controller. The  *)
(* numbers of steps are those of docs/REPLICATION.md, the numbers of       *)
(* invariants those of docs/ARCHITECTURE.md. What is left out, and why     *)
(* that is no loss, stands in README.md. Here is what is where and what    *)
(* passes between replicas; module Replication has the metadata log, the   *)
(* controller, the whole, and the invariants.                              *)
(*                                                                         *)
(* Messages between leader and follower are not kept: an answer, a batch   *)
(* or an ack is taken over in the same step in which it is sent. Whatever  *)
(* a late message could do, an early one could do, too: a follower does    *)
(* nothing between asking and the answer, streams keep their order, and    *)
(* an ack tells of what is on a disk. A message that never arrives is a    *)
(* step not taken. What a leader asks of the controller is kept, as it     *)
(* outlives the leader.                                                    *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets, TLC

CONSTANTS
  Replica,      \* the nodes; each holds a replica
  Nobody,       \* as leader: there is none
  MinIsr,       \* min.insync.replicas
  LogMax,       \* records that a log can hold
  RecordMax,    \* different records that there can be at one time
  EpochMax,     \* leader epochs
  VersionMax,   \* commands in the metadata log that change something
  CrashMax,     \* stops of a process, each of which may lose what was not forced
  EachStep,     \* whether steps that only delay others are steps of their own
  Weak          \* the rule that is weakened, or "none"

ASSUME Nobody \notin Replica /\ MinIsr \in 1..Cardinality(Replica)

VARIABLES
  metadata,     \* images from the oldest that a node still has to the newest
  node,         \* what each node holds
  proposals,    \* AlterPartition commands on their way
  committed     \* for the invariants only: all that was ever below a leader's high watermark

vars == <<metadata, node, proposals, committed>>

Symmetry == Permutations(Replica)

Least(numbers) == CHOOSE n \in numbers : \A m \in numbers : n <= m
Greatest(numbers) == CHOOSE n \in numbers : \A m \in numbers : n >= m
IsPrefix(s, t) == Len(s) <= Len(t) /\ \A i \in 1..Len(s) : s[i] = t[i]
Without(s, end) == SubSeq(s, 1, end)

-----------------------------------------------------------------------------
(* What is where. *)

Newest == metadata[Len(metadata)]
Image(version) == metadata[version - metadata[1].version + 1]

\* A process that has not registered yet has no epoch and no role.
IsUp(r) == node[r].epoch # 0
View(r) == Image(node[r].at)

\* Step 1: a role is for the process that the image names, not for its predecessor.
IsNamed(r, image) == Weak = "AnyProcess" \/ image.nodeEpoch[r] = node[r].epoch
Leads(r) == IsUp(r) /\ View(r).leader = r /\ IsNamed(r, View(r))
Follows(f, l) == IsUp(f) /\ f # l /\ View(f).leader = l /\ IsNamed(f, View(f))

\* Step 5: what a leader and a follower must agree on to speak with each other.
Serve(l, f) ==
  /\ Follows(f, l)
  /\ Leads(l)
  /\ Weak = "AnyLeaderEpoch" \/ View(l).leaderEpoch = View(f).leaderEpoch
  /\ IsNamed(f, View(l))

\* A leader's knowledge, which is for one leader epoch; what it does not know counts as nothing.
NoReign == [start |-> 0, known |-> [f \in Replica |-> 0], open |-> {}]
NewReign(log) == [NoReign EXCEPT !.start = Len(log)]

Init ==
  \E first \in Replica :
    /\ metadata = << [version |-> 0, leader |-> first, leaderEpoch |-> 1, partitionEpoch |-> 0,
                      isr |-> Replica, elr |-> {},
                      nodeEpoch |-> [r \in Replica |-> 1]] >>
    /\ node = [r \in Replica |->
                [at |-> 0, epoch |-> 1, log |-> <<>>, durable |-> 0, hw |-> 0,
                 reign |-> NoReign, streams |-> FALSE]]
    /\ proposals = {}
    /\ committed = <<>>

-----------------------------------------------------------------------------
(* The epoch history of a log: which epochs left records, and where they end. *)

\* A record names its epoch, its offset, and the process that wrote it: so two of one epoch differ.
EpochOf(record) == record[1]
EpochsIn(log) == {EpochOf(log[i]) : i \in 1..Len(log)}
EndIn(log, epoch) == Greatest({i \in 1..Len(log) : EpochOf(log[i]) = epoch})
LastEpoch(log) == IF log = <<>> THEN 0 ELSE EpochOf(log[Len(log)])

Records == UNION {{node[r].log[i] : i \in 1..Len(node[r].log)} : r \in Replica}

\* A leader's history has its own epoch from the start, with or without a record.
Shared(l, epoch) ==
  LET own == View(l).leaderEpoch
      log == node[l].log
      fit == {e \in EpochsIn(log) \cup {own} : e <= epoch}
      e == Greatest(fit)
      after == {i \in 1..Len(log) : EpochOf(log[i]) > e}
  IN IF fit = {} THEN [epoch |-> 0, end |-> 0]
     ELSE [epoch |-> e,
           end |-> IF e = own THEN Len(log)
                   ELSE IF after = {} THEN node[l].reign.start ELSE Least(after) - 1]

\* Step 6: whether the follower's log fits as it is, and else where the two part.
Fits(l, f) ==
  LET log == node[f].log
      point == Shared(l, LastEpoch(log))
  IN \/ log = <<>>
     \/ point.epoch = LastEpoch(log) /\ Len(log) <= point.end

\* Step 7.
CutTo(l, f) ==
  LET log == node[f].log
      point == Shared(l, LastEpoch(log))
      fit == {e \in EpochsIn(log) : e <= point.epoch}
      g == Greatest(fit)
  IN IF Weak = "CutsByLeaderOnly" THEN Least({point.end, Len(log)})
     ELSE IF fit = {} THEN 0
     ELSE IF g = point.epoch THEN Least({point.end, EndIn(log, g)})
     ELSE EndIn(log, g)

-----------------------------------------------------------------------------
(* The leader. *)

\* A topic with flush=quorum: what counts is what a power cut cannot take.
Counted(n) == IF Weak = "CountsUnforced" THEN Len(n.log) ELSE n.durable

Maximal(n, image) ==
  CASE Weak = "ShrinksAtOnce" /\ n.reign.open # {} -> n.reign.open
    [] Weak = "JoinsUncounted" -> image.isr
    [] OTHER -> image.isr \cup n.reign.open

MayCommit(n, image) ==
  CASE Weak = "CommitsAlone" -> TRUE
    [] Weak = "CountsProposed" -> Cardinality(Maximal(n, image)) >= MinIsr
    [] OTHER -> Cardinality(image.isr) >= MinIsr

\* Step 11.
Risen(r, n, image) ==
  LET ends == {Counted(n)} \cup
              {n.reign.known[f] : f \in Maximal(n, image) \ {r}}
  IN IF MayCommit(n, image) /\ Least(ends) > n.hw
     THEN [n EXCEPT !.hw = Least(ends)]
     ELSE n

\* What is committed once a leader has risen to this.
WithCommitted(leader) ==
  IF leader.hw > Len(committed) THEN Without(leader.log, leader.hw) ELSE committed

\* After every input of a leader the high watermark rises as far as it may.
LeaderStep(r, n, image) ==
  LET risen == Risen(r, n, image)
  IN /\ node' = [node EXCEPT ![r] = risen]
     /\ committed' = WithCommitted(risen)

\* Step 12, with any acks: for acks=all the ISR must be large enough, which only refuses more.
Produce(l) ==
  /\ Leads(l)
  /\ Len(node[l].log) < LogMax /\ Cardinality(Records) < RecordMax
  /\ LET record == <<View(l).leaderEpoch, l, node[l].epoch, Len(node[l].log)>>
     IN LeaderStep(l, [node[l] EXCEPT !.log = Append(@, record)], View(l))
  /\ UNCHANGED <<metadata, proposals>>

\* A group commit.
Force(l) ==
  /\ Leads(l)
  /\ node[l].durable < Len(node[l].log)
  /\ LeaderStep(l, [node[l] EXCEPT !.durable = Len(node[l].log)], View(l))
  /\ UNCHANGED <<metadata, proposals>>

-----------------------------------------------------------------------------
(* Between a follower and its leader. *)

\* What the leader learns of a follower; by step 10 it only rises within a reign.
Knowing(l, f, end) == [node[l] EXCEPT !.reign.known[f] = Greatest({@, end})]

\* Both change: the leader by what it learns, the follower to this.
Between(l, f, follower, end) ==
  LET risen == Risen(l, Knowing(l, f, end), View(l))
  IN /\ node' = [node EXCEPT ![l] = risen, ![f] = follower]
     /\ committed' = WithCommitted(risen)

\* Step 6, once accepted: a log that fits goes on to fit, as in one reign no leader cuts.
Streams(l, f) == IF Weak = "CutsToWatermark" THEN node[f].streams ELSE Fits(l, f)

\* Steps 4 to 6: the leader accepts the follower, and hears what is durable of it.
Accept(l, f) ==
  /\ Streams(l, f)
  /\ Counted(node[f]) > node[l].reign.known[f]
  /\ Between(l, f, node[f], Counted(node[f]))
  /\ UNCHANGED <<metadata, proposals>>

CutAt(n, end) ==
  [n EXCEPT !.log = Without(@, end), !.durable = end, !.hw = Least({@, end})]

\* Step 7: the follower cuts, which is durable, and asks again.
Cut(l, f) ==
  /\ Weak # "CutsToWatermark" /\ ~Fits(l, f)
  /\ node' = [node EXCEPT ![f] = CutAt(@, CutTo(l, f))]
  /\ UNCHANGED <<metadata, proposals, committed>>

\* Instead of both, as Kafka did before leader epochs.
CutToWatermark(l, f) ==
  /\ Weak = "CutsToWatermark" /\ ~node[f].streams
  /\ LET end == Least({node[f].hw, Len(node[l].log)})
         cut == [CutAt(node[f], end) EXCEPT !.streams = TRUE]
     IN Between(l, f, cut, Counted(cut))
  /\ UNCHANGED <<metadata, proposals>>

\* Steps 8 and 9. The check of a batch by the follower is part of it.
Copy(l, f) ==
  LET end == Len(node[f].log)
      record == node[l].log[end + 1]
  IN /\ Streams(l, f)
     /\ end < Len(node[l].log)
     /\ LastEpoch(node[f].log) <= EpochOf(record)
     /\ EpochOf(record) <= View(f).leaderEpoch
     /\ node' = [node EXCEPT ![f].log = Append(@, record)]
     /\ UNCHANGED <<metadata, proposals, committed>>

\* Step 9. A lower high watermark permits all that a higher one does.
Hear(l, f) ==
  LET hw == Least({node[l].hw, Len(node[f].log)})
  IN /\ EachStep
     /\ Streams(l, f)
     /\ hw > node[f].hw
     /\ node' = [node EXCEPT ![f].hw = hw]
     /\ UNCHANGED <<metadata, proposals, committed>>

\* Step 10, with the group commit before it. What is forced and not told counts for nobody.
Acknowledge(l, f) ==
  LET end == Len(node[f].log)
      forced == IF Weak = "CountsUnforced" THEN node[f] ELSE [node[f] EXCEPT !.durable = end]
  IN /\ Streams(l, f)
     /\ end > node[l].reign.known[f]
     /\ Between(l, f, forced, end)
     /\ UNCHANGED <<metadata, proposals>>
=============================================================================
