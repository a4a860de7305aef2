package dev.naru.broker.config;

import dev.naru.broker.config.RawValue.Scalar;
import dev.naru.broker.events.EventCode;
import dev.naru.metadata.image.ConfigImage;
import dev.naru.metadata.image.DynamicSetting;
import dev.naru.metadata.image.ImageDelta;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.ImageSubscriber;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The settings in force on this node: those it was started with, and over them what is set while it
 * runs, of the cluster and of the node itself. Whoever can change asks anew each time, from any
 * thread, and finds an immutable snapshot; only the thread of the image replaces it.
 */
public final class LiveConfig implements Supplier<NodeConfig>, ImageSubscriber {

  private static final Logger LOG = LogManager.getLogger(LiveConfig.class);

  private final NodeConfig started;
  private final SortedMap<String, List<WrittenValue>> sources;

  /** Read by all, written by the thread of the image. */
  private volatile NodeConfig now;

  /** The image thread's own: what was looked at last. */
  private Map<String, String> set = Map.of();

  /**
   * Begins with what the node was started with.
   *
   * @param sources everything that was written, by key: the value that wins, then those it hides
   */
  public LiveConfig(NodeConfig started, SortedMap<String, List<WrittenValue>> sources) {
    this.started = started;
    this.sources = sources;
    this.now = started;
  }

  /** The settings in force now. */
  @Override
  public NodeConfig get() {
    return now;
  }

  /** What the node was started with. */
  public NodeConfig started() {
    return started;
  }

  /**
   * What was written for the node to start with: the value that wins, then those it hides; nothing
   * for a default.
   */
  public List<WrittenValue> written(String key) {
    return sources.getOrDefault(key, List.of());
  }

  @Override
  public void imageChanged(ImageDelta delta, Applied applied) {
    if (!delta.before().isInitialized() && applied.image().isInitialized()) {
      UnheardDefaults.of(
              started.topics(), key -> !written(key).isEmpty(), applied.image().defaults())
          .forEach(each -> LOG.warn(EventCode.CONFIG_WARNING.marker(), "{}", each));
    }
    take(applied.image().configs());
  }

  /**
   * From now on these are set. A value that this release cannot take is left out, and told once:
   * what the node was started with holds in its place.
   */
  void take(ConfigImage configs) {
    var wanted = setOf(configs, started.nodeId());
    if (wanted.equals(set)) {
      return;
    }
    set = wanted;
    var raw = new TreeMap<String, RawValue>();
    wanted.forEach((key, value) ->
        raw.put(key, new RawValue(key, new Scalar(value), new Origin.WhileRunning())));
    var binder = new RecordBinder(raw);
    var bound = binder.rebind(NodeConfig.class, started);
    if (!binder.problems().isEmpty()) {
      LOG.warn(
          EventCode.CONFIG_WARNING.marker(),
          "Not all that is set while this node runs is taken; the rest holds: {}",
          binder.problems());
    }
    bound.ifPresent(taken -> {
      tell(SettingKeys.values(now), SettingKeys.values(taken));
      now = taken;
    });
  }

  private static Map<String, String> setOf(ConfigImage configs, NodeId self) {
    var own = configs.of(self);
    var set = new TreeMap<String, String>();
    for (var setting : DynamicSetting.ofNodes()) {
      Optional.ofNullable(own.get(setting.key()))
          .or(() -> Optional.ofNullable(configs.cluster().get(setting.key())))
          .ifPresent(entry -> set.put(setting.key(), entry.value()));
    }
    return set;
  }

  private static void tell(SortedMap<String, String> before, SortedMap<String, String> after) {
    for (var setting : DynamicSetting.ofNodes()) {
      var old = before.getOrDefault(setting.key(), "nothing");
      var present = after.getOrDefault(setting.key(), "nothing");
      if (!old.equals(present)) {
        LOG.info(
            "{} is {} from now on, after {}; it takes effect {}",
            setting.key(),
            present,
            old,
            setting.effect());
      }
    }
  }
}
