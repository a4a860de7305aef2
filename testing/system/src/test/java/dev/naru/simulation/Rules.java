package dev.naru.simulation;

import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.ProduceAsked;
import dev.naru.broker.replica.SafetyRules;
import dev.naru.broker.replica.ToFollower;
import dev.naru.broker.replica.ToLeader;
import dev.naru.broker.runtime.Clocks;
import dev.naru.log.PartitionLog;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.metadata.machine.Transition;
import dev.naru.types.PartitionId;
import java.util.SortedMap;

/** Which rules the nodes go by: the product's, or for once others, to see whether it is noticed. */
public interface Rules {

  Rules PRODUCT = () -> SafetyRules.PRODUCT;

  SafetyRules safety();

  /** By what groups go, in nodes and members. */
  default GroupSeams groups() {
    return GroupSeams.PRODUCT;
  }

  /** What a node does to its logs between recovery and its first role; the product does nothing. */
  default void beforeRoles(SortedMap<PartitionId, PartitionLog> logs) {}

  /** What a node makes of its partition in a new image; the product takes it as it is. */
  default PartitionAssignment assigned(
      PartitionAssignment assignment, LocalNode self, PartitionLog log) {
    return assignment;
  }

  /** What a node says to its leader in place of this; the product says it as it is. */
  default ToLeader said(ToLeader message) {
    return message;
  }

  /** What a node makes of what its leader says; the product takes it as it is. */
  default ToFollower heard(ToFollower message) {
    return message;
  }

  /** What a partition is given in place of this; the product gives it as it is. */
  default PartitionInput takes(PartitionInput input, PartitionView view, PartitionLog log) {
    return input;
  }

  /** What a node does to a log before its compactor looks; the product does nothing. */
  default void beforeCompaction(PartitionLog log) {}

  /** By which clocks a node tells what is old; the product believes those of its machine. */
  default Clocks clocks(Clocks ofTheMachine) {
    return ofTheMachine;
  }

  /** What the command leads to; in the product, what the machine says. */
  default Transition decides(ClusterImage image, long index, CommandEnvelope envelope) {
    return MetadataMachine.apply(image, index, envelope);
  }

  /** What a node makes of a request; the product takes it as it is. */
  default ProduceAsked asked(ProduceAsked asked) {
    return asked;
  }
}
