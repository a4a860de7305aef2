---------------------------- MODULE Replication ----------------------------
(* What the controller decides and who hears of it; the whole; the invariants. *)
EXTENDS Partition

-----------------------------------------------------------------------------
(* The metadata log. *)

\* A node that does not lead learns nothing from an image but who leads, so it skips the others.
Steady(images, nodes) ==
  LET image(version) == images[version - images[1].version + 1]
      last(epoch) == Greatest({images[i].version : i \in
                               {j \in 1..Len(images) : images[j].leaderEpoch = epoch}})
  IN [r \in Replica |->
       IF nodes[r].epoch = 0 \/ image(nodes[r].at).leader = r THEN nodes[r]
       ELSE [nodes[r] EXCEPT !.at = last(image(@).leaderEpoch)]]

\* Images that every process has behind it are dropped.
Trimmed(images, nodes) ==
  LET oldest == Least({images[Len(images)].version} \cup
                      {nodes[r].at : r \in {q \in Replica : nodes[q].epoch # 0}})
  IN SubSeq(images, oldest - images[1].version + 1, Len(images))

Become(images, nodes) ==
  /\ node' = Steady(images, nodes)
  /\ metadata' = Trimmed(images, node')

\* Step 1: a node applies the next image, and by steps 2 and 3 changes its role if that says so.
TakeImage(r) ==
  /\ IsUp(r)
  /\ node[r].at < Newest.version
  /\ LET before == View(r)
         after == Image(node[r].at + 1)
         n == [node[r] EXCEPT !.at = @ + 1]
         leads == after.leader = r /\ IsNamed(r, after)
         same == [n EXCEPT
                   !.reign.known = [f \in Replica |->
                     IF after.nodeEpoch[f] = before.nodeEpoch[f] THEN @[f] ELSE 0],
                   !.reign.open = IF after.partitionEpoch = before.partitionEpoch THEN @ ELSE {}]
         reign == IF leads THEN NewReign(n.log) ELSE NoReign
         other == [n EXCEPT !.streams = FALSE,
                            !.reign = IF Weak # "KeepsAcks" THEN reign
                                      ELSE [reign EXCEPT !.known = n.reign.known]]
         next == IF after.leaderEpoch = before.leaderEpoch THEN same ELSE other
         risen == IF leads THEN Risen(r, next, after) ELSE next
     IN /\ Become(metadata, [node EXCEPT ![r] = risen])
        /\ committed' = WithCommitted(risen)
  /\ UNCHANGED proposals

\* Steps 14 to 16: one proposal at a time. If the entry has moved on it will be refused, and
\* until the leader hears of that it waits for more replicas, not for fewer: so that is left out.
Propose(l, isr) ==
  LET image == View(l)
      proposal == [leader |-> l, leaderEpoch |-> image.leaderEpoch,
                   partitionEpoch |-> image.partitionEpoch,
                   members |-> [m \in isr \cup {l} |-> image.nodeEpoch[m]], isr |-> isr]
  IN /\ image.partitionEpoch = Newest.partitionEpoch \/ Weak = "AltersLate"
     /\ proposals' = proposals \cup {proposal}
     /\ LeaderStep(l, [node[l] EXCEPT !.reign.open = isr], image)
     /\ UNCHANGED metadata

\* Step 14. The end of a while ago is any end up to the present one.
ProposeShrink(l) ==
  /\ EachStep
  /\ Leads(l) /\ node[l].reign.open = {}
  /\ LET n == node[l]
         end == Len(n.log)
         behind == {f \in View(l).isr \ {l} : n.reign.known[f] < end}
                   \cup (IF Counted(n) < end THEN {l} ELSE {})
     IN \E out \in SUBSET behind :
          /\ out # {}
          /\ View(l).isr \ out # {}
          /\ Propose(l, View(l).isr \ out)

\* Step 15.
MayJoin(l, f) ==
  LET known == node[l].reign.known[f]
  IN /\ f \notin View(l).isr
     /\ Weak = "JoinsEarly" \/ known >= node[l].hw
     /\ Weak \in {"JoinsEarly", "JoinsBeforeReign"} \/ known >= node[l].reign.start

ProposeJoin(l) ==
  /\ Leads(l) /\ node[l].reign.open = {}
  /\ \E more \in SUBSET {f \in Replica : MayJoin(l, f)} :
       more # {} /\ Propose(l, View(l).isr \cup more)

-----------------------------------------------------------------------------
(* The controller: each step is a command, decided on the newest image. *)

\* What becomes of the entry (PartitionDraft): all that may be decided, as the choice is not ours.
\* Who is fenced or registers is not elected by the very same command.
Settled(draft, out) ==
  LET before == Newest
      mayLead == IF draft.isr # {}
                 THEN IF before.leader \in draft.isr THEN {before.leader} ELSE draft.isr
                 ELSE {Nobody} \cup
                      ((IF Weak = "ElectsAnybody" THEN Replica ELSE draft.elr)
                       \ IF Weak = "StaysLeader" THEN {} ELSE out)
      entry(leader) ==
        LET isr == IF draft.isr = {} /\ leader # Nobody THEN {leader} ELSE draft.isr
            isLarge == Cardinality(isr) >= MinIsr /\ Weak # "KeepsPlaces"
            elr == IF isLarge THEN {} ELSE draft.elr \ isr
            isChanged == <<leader, isr, elr>> # <<before.leader, before.isr, before.elr>>
        IN [draft EXCEPT
             !.version = @ + 1,
             !.leader = leader, !.isr = isr, !.elr = elr,
             !.leaderEpoch = IF leader = before.leader THEN @ ELSE @ + 1,
             !.partitionEpoch = IF isChanged THEN before.version + 1 ELSE @]
  IN {entry(leader) : leader \in mayLead}

\* The image becomes the newest. What was proposed before the entry changed will be refused.
Commit(image, nodes) ==
  /\ image.version <= VersionMax
  /\ image.leaderEpoch <= EpochMax
  /\ Become(Append(metadata, image), nodes)
  /\ proposals' = IF image.partitionEpoch = Newest.partitionEpoch \/ Weak = "AltersLate"
                  THEN proposals ELSE {}

\* Whoever leaves the ISR keeps a place among the eligible leader replicas.
Leaving(draft, out) ==
  [draft EXCEPT !.isr = @ \ out, !.elr = @ \cup (draft.isr \cap out)]

\* Step 17.
Fresh(proposal) ==
  \/ Weak = "AltersLate"
  \/ /\ proposal.leader = Newest.leader
     /\ proposal.leaderEpoch = Newest.leaderEpoch
     /\ proposal.partitionEpoch = Newest.partitionEpoch
     /\ proposal.members[proposal.leader] = Newest.nodeEpoch[proposal.leader]

Registered(proposal) == \A m \in proposal.isr : proposal.members[m] = Newest.nodeEpoch[m]

Alter(proposal) ==
  /\ Fresh(proposal) /\ Registered(proposal)
  /\ proposal.isr # Newest.isr
  /\ LET left == Leaving(Newest, Newest.isr \ proposal.isr)
         draft == [left EXCEPT !.isr = proposal.isr, !.elr = @ \ proposal.isr]
     IN \E image \in Settled(draft, {}) : Commit(image, node)
  /\ UNCHANGED committed

\* Step 16: that a member is not eligible, registered anew or fenced, is final.
Refuse(proposal) ==
  LET l == proposal.leader
  IN /\ Fresh(proposal)
     /\ ~Registered(proposal) \/ ~(proposal.isr \subseteq Newest.isr)
     /\ proposals' = proposals \ {proposal}
     /\ IF /\ Leads(l)
           /\ View(l).partitionEpoch = proposal.partitionEpoch
           /\ node[l].epoch = proposal.members[l]
           /\ node[l].reign.open = proposal.isr
        THEN LeaderStep(l, [node[l] EXCEPT !.reign.open = {}], View(l))
        ELSE UNCHANGED <<node, committed>>
     /\ UNCHANGED metadata

\* Step 18. Silence is enough: the process may live, and even lead.
Fence(r) ==
  /\ r \in Newest.isr /\ (EachStep \/ Newest.isr = {r})
  /\ \E image \in Settled(Leaving(Newest, {r}), {r}) : Commit(image, node)
  /\ UNCHANGED committed

\* Step 14 in one: until it is decided, a proposal that nobody joins by changes nothing.
Shrink ==
  /\ ~EachStep
  /\ \E out \in SUBSET Newest.isr :
       /\ out # {} /\ out # Newest.isr
       /\ \E image \in Settled(Leaving(Newest, out), out) : Commit(image, node)
  /\ UNCHANGED committed

\* Step 18: a member of the ELR is back, or the wait for others is over.
Elect ==
  /\ Newest.leader = Nobody
  /\ \E image \in Settled(Newest, {}) : image.leader # Nobody /\ Commit(image, node)
  /\ UNCHANGED committed

\* Another member of the ISR is preferred.
Move ==
  /\ \E r \in Newest.isr \ {Newest.leader} :
       Commit([Newest EXCEPT !.version = @ + 1, !.leader = r, !.leaderEpoch = @ + 1,
                             !.partitionEpoch = Newest.version + 1], node)
  /\ UNCHANGED committed

-----------------------------------------------------------------------------
(* Processes end and come back. *)

Crashes == LET RECURSIVE Sum(_)
               Sum(s) == IF s = {} THEN 0 ELSE LET r == CHOOSE r \in s : TRUE
                 IN Newest.nodeEpoch[r] - 1 + (IF IsUp(r) THEN 0 ELSE 1) + Sum(s \ {r})
           IN Sum(Replica)

\* Power loss: what was forced is there, of the rest any part from its begin; and what recovery
\* finds it forces (step 27). A kill loses nothing of it. The high watermark on record may be old.
Crash(r) ==
  /\ IsUp(r)
  /\ Crashes < CrashMax
  /\ \E end \in node[r].durable..Len(node[r].log) :
       LET recovered == Without(node[r].log, end)
           isAny == Weak = "AnyProcess"
       IN Become(metadata, [node EXCEPT ![r] =
            [at |-> IF isAny THEN @.at ELSE 0,
             epoch |-> IF isAny THEN @.epoch + 1 ELSE 0,
             log |-> recovered, durable |-> end, hw |-> 0,
             reign |-> IF isAny /\ Leads(r) THEN NewReign(recovered) ELSE NoReign,
             streams |-> FALSE]])
  /\ UNCHANGED <<proposals, committed>>

\* Step 19, with the report of the log: as flush=quorum counts only what is durable, it holds all.
Register(r) ==
  /\ ~IsUp(r)
  /\ LET epoch == Newest.nodeEpoch[r] + 1
         draft == Leaving([Newest EXCEPT !.nodeEpoch[r] = epoch], {r})
     IN \E image \in Settled(draft, {r}) :
          Commit(image, [node EXCEPT ![r].epoch = epoch, ![r].at = image.version])
  /\ UNCHANGED committed

-----------------------------------------------------------------------------

Next ==
  \/ \E r \in Replica :
       \/ Produce(r) \/ Force(r) \/ TakeImage(r)
       \/ ProposeShrink(r) \/ ProposeJoin(r)
       \/ Fence(r) \/ Crash(r) \/ Register(r)
  \/ \E l, f \in Replica :
       /\ Serve(l, f)
       /\ \/ Accept(l, f) \/ Cut(l, f) \/ CutToWatermark(l, f)
          \/ Copy(l, f) \/ Hear(l, f) \/ Acknowledge(l, f)
  \/ \E proposal \in proposals : Alter(proposal) \/ Refuse(proposal)
  \/ Shrink \/ Elect \/ Move

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* Invariants. *)

\* I1: who leads by the newest epoch has all that was ever committed.
I1_NoCommittedLoss ==
  \A l \in Replica :
    Leads(l) /\ View(l).leaderEpoch = Newest.leaderEpoch => IsPrefix(committed, node[l].log)

\* I2: already when it is elected.
I2_LeaderCompleteness ==
  Newest.leader # Nobody => IsPrefix(committed, node[Newest.leader].log)

\* I3: no two processes write in one epoch, now or ever.
I3_OneWriterPerEpoch ==
  /\ \A r, s \in Replica :
       r # s /\ Leads(r) /\ Leads(s) => View(r).leaderEpoch # View(s).leaderEpoch
  /\ \A a, b \in Records : EpochOf(a) = EpochOf(b) => <<a[2], a[3]>> = <<b[2], b[3]>>

I4_EpochOrder ==
  \A r \in Replica : \A i \in 1..Len(node[r].log) - 1 :
    EpochOf(node[r].log[i]) <= EpochOf(node[r].log[i + 1])

\* I5: who may be elected has all that was committed, where no power cut can take it.
I5_CandidateCompleteness ==
  \A r \in Newest.isr \cup Newest.elr :
    IsPrefix(committed, Without(node[r].log, node[r].durable))

\* I6: while it may commit, a leader waits for all who may be elected.
I6_QuorumSuperset ==
  \A l \in Replica :
    Leads(l) /\ View(l).leaderEpoch = Newest.leaderEpoch /\ Cardinality(View(l).isr) >= MinIsr
      => Newest.isr \cup Newest.elr \subseteq View(l).isr \cup node[l].reign.open

I7_Fencing ==
  /\ Newest.isr \cap Newest.elr = {}
  /\ Cardinality(Newest.isr) >= MinIsr => Newest.elr = {}

\* I9: what is read was committed, and stays what it was.
I9_HighWatermark ==
  \A r \in Replica :
    node[r].hw <= Len(node[r].log) /\ IsPrefix(Without(node[r].log, node[r].hw), committed)

\* I11: a cut lowers the end, goes not below the own high watermark, and takes nothing committed.
I11_Truncation ==
  \A l, f \in Replica :
    Serve(l, f) /\ ~Fits(l, f) =>
      LET end == CutTo(l, f)
          log == node[f].log
      IN /\ end < Len(log)
         /\ end >= node[f].hw
         /\ \A i \in end + 1..Len(log) : i > Len(committed) \/ log[i] # committed[i]

\* Of steps: within a process no high watermark falls, and a leader never cuts.
I9_NeverFalls ==
  [][\A r \in Replica : node'[r].epoch = node[r].epoch => node'[r].hw >= node[r].hw]_node

I11_LeaderNeverCuts ==
  [][\A r \in Replica : Leads(r) /\ node'[r].epoch = node[r].epoch
       => IsPrefix(node[r].log, node'[r].log)]_node
=============================================================================
