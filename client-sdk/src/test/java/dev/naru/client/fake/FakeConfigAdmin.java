package dev.naru.client.fake;

import dev.naru.proto.admin.v1.Config;
import dev.naru.proto.admin.v1.ConfigAdminServiceGrpc;
import dev.naru.proto.admin.v1.ConfigExplanation;
import dev.naru.proto.admin.v1.ConfigSetting;
import dev.naru.proto.admin.v1.ConfigSource;
import dev.naru.proto.admin.v1.ExplainConfigRequest;
import dev.naru.proto.admin.v1.GetConfigRequest;
import dev.naru.proto.admin.v1.UpdateConfigRequest;
import dev.naru.types.ErrorCode;
import io.grpc.stub.StreamObserver;

/** Settings that say which node was asked; a change is told as it was asked for. */
final class FakeConfigAdmin extends ConfigAdminServiceGrpc.ConfigAdminServiceImplBase {

  private final int node;

  FakeConfigAdmin(int node) {
    this.node = node;
  }

  @Override
  public void getConfig(GetConfigRequest request, StreamObserver<Config> answers) {
    answers.onNext(
        Config.newBuilder()
            .setName(request.getName())
            .setEtag("seen")
            .addSettings(setting("node.asked", Integer.toString(node)))
            .build());
    answers.onCompleted();
  }

  @Override
  public void updateConfig(UpdateConfigRequest request, StreamObserver<Config> answers) {
    if (request.getConfig().getEtag().equals("old")) {
      answers.onError(FakeTopicAdmin.error(ErrorCode.ETAG_MISMATCH, "Expected etag old, but no"));
      return;
    }
    var told =
        Config.newBuilder()
            .setName(request.getConfig().getName())
            .addSettings(setting("node.asked", Integer.toString(node)));
    for (var key : request.getUpdateMask().getPathsList()) {
      told.addSettings(
          setting(
              key,
              request.getConfig().getSettingsList().stream()
                  .filter(setting -> setting.getKey().equals(key))
                  .map(ConfigSetting::getValue)
                  .findFirst()
                  .orElse("unset")));
    }
    answers.onNext(told.setEtag(request.getValidateOnly() ? "" : "new").build());
    answers.onCompleted();
  }

  @Override
  public void explainConfig(
      ExplainConfigRequest request, StreamObserver<ConfigExplanation> answers) {
    answers.onNext(
        ConfigExplanation.newBuilder()
            .setName(request.getName())
            .setKey(request.getKey())
            .setValue(Integer.toString(node))
            .setNeedsRestart(true)
            .addLayers(setting(request.getKey(), Integer.toString(node)))
            .build());
    answers.onCompleted();
  }

  private static ConfigSetting setting(String key, String value) {
    return ConfigSetting.newBuilder()
        .setKey(key)
        .setValue(value)
        .setSource(ConfigSource.CONFIG_SOURCE_FILE)
        .setDetail("line 4")
        .build();
  }
}
