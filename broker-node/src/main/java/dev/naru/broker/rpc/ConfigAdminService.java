package dev.naru.broker.rpc;

import dev.naru.broker.config.LiveConfig;
import dev.naru.proto.admin.v1.Config;
import dev.naru.proto.admin.v1.ConfigAdminServiceGrpc.ConfigAdminServiceImplBase;
import dev.naru.proto.admin.v1.ConfigExplanation;
import dev.naru.proto.admin.v1.ExplainConfigRequest;
import dev.naru.proto.admin.v1.GetConfigRequest;
import dev.naru.proto.admin.v1.UpdateConfigRequest;
import dev.naru.types.NodeId;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/** Settings of the cluster, of nodes and of topics. */
public final class ConfigAdminService extends ConfigAdminServiceImplBase {

  private final ConfigDesk desk;

  /**
   * Answers from this view and makes changes through these.
   *
   * @param own what this node was started with
   */
  public ConfigAdminService(
      NodeId self, Supplier<ClusterSnapshot> cluster, MetadataChanges changes, LiveConfig own) {
    this.desk =
        new ConfigDesk(
            self, cluster, changes::make, new ConfigViews(self, own), AccessInterceptor::caller);
  }

  @Override
  public void getConfig(GetConfigRequest request, StreamObserver<Config> response) {
    UnaryCalls.answer(response, () -> desk.get(request));
  }

  @Override
  public void updateConfig(UpdateConfigRequest request, StreamObserver<Config> response) {
    UnaryCalls.answer(response, () -> desk.update(request));
  }

  @Override
  public void explainConfig(
      ExplainConfigRequest request, StreamObserver<ConfigExplanation> response) {
    UnaryCalls.answer(response, () -> desk.explain(request));
  }
}
