package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.ConfigText;
import dev.naru.cli.output.Listing;
import dev.naru.cli.text.Nearest;
import dev.naru.cli.text.SubjectArgument;
import dev.naru.client.admin.ConfigDescription;
import dev.naru.client.admin.ConfigSetting;
import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code naru config get}. */
@Command(
    name = "get",
    description = "What is in force, and where it comes from.",
    footer = {"", "Example: naru config get topics/orders retention.ms"})
public final class ConfigGetCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "SUBJECT",
      description = "cluster, nodes/ID or topics/NAME.")
  private String subject = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "KEY",
      description = "Only these settings.")
  private List<String> keys = new ArrayList<>();

  private final Invocation invocation;

  /** Belongs to this call. */
  public ConfigGetCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var of = SubjectArgument.parse(subject);
    try (var naru = invocation.open()) {
      var config = only(invocation.await(naru.admin().configs().describe(of)));
      config.warnings().forEach(each -> invocation.notes().warn(each.code(), each.message()));
      invocation.print(
          Listing.single(config, ConfigText::json, ConfigText::resource, ConfigText::table));
      return ExitStatus.DONE;
    }
  }

  private ConfigDescription only(ConfigDescription config) {
    if (keys.isEmpty()) {
      return config;
    }
    var known = config.settings().stream().map(ConfigSetting::key).toList();
    for (var key : keys) {
      if (!known.contains(key)) {
        throw CommandFailure.of(
            ErrorCode.INVALID_CONFIG,
            "Expected a setting of %s that has a value, but was %s%s"
                .formatted(
                    config.subject().name(),
                    key,
                    Nearest.to(key, known).map(name -> "; did you mean " + name + "?").orElse("")));
      }
    }
    return new ConfigDescription(
        config.subject(),
        config.etag(),
        config.settings().stream().filter(setting -> keys.contains(setting.key())).toList(),
        config.warnings(),
        config.metadataIndex());
  }
}
