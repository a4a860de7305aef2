package dev.naru.broker.rpc;

import dev.naru.metadata.log.VoterChange;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.List;
import org.pcollections.TreePSet;

/** Who is to vote, as clients and nodes ask for it. */
public final class VoterChangeCodec {

  private VoterChangeCodec() {}

  /**
   * The change that is asked for.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_REQUEST
   */
  public static VoterChange decode(
      List<Integer> promoted, List<Integer> demoted, boolean isDryRun) {
    try {
      return new VoterChange(nodes(promoted), nodes(demoted), isDryRun);
    } catch (IllegalArgumentException e) {
      throw ErrorStatus.of(new Refused(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage())));
    }
  }

  private static TreePSet<NodeId> nodes(List<Integer> ids) {
    return TreePSet.from(ids.stream().map(NodeId::new).toList());
  }
}
