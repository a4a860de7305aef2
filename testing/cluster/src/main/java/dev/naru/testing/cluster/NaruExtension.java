package dev.naru.testing.cluster;

import dev.naru.client.NaruClient;
import dev.naru.client.admin.Admin;
import dev.naru.client.admin.NewTopic;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * What {@link NaruTest} stands for. Clusters and clients lie in JUnit's stores, which close what is
 * in them, the latest first: clients before their cluster.
 */
public final class NaruExtension
    implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(NaruExtension.class);

  /** Of a topic: the quorum may have to elect somebody first. */
  private static final int CREATION_SECONDS_MAX = 30;

  @Override
  public void beforeAll(ExtensionContext context) {
    if (scopeOf(context) == NaruTest.Scope.CLASS && !sharesThatOfTheClassAround(context)) {
      start(context);
    }
  }

  private static boolean sharesThatOfTheClassAround(ExtensionContext context) {
    return !context.getRequiredTestClass().isAnnotationPresent(NaruTest.class)
        && context.getStore(NAMESPACE).get(Started.class) != null;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (scopeOf(context) == NaruTest.Scope.METHOD) {
      start(context);
    }
  }

  private static void start(ExtensionContext context) {
    var wanted = wanted(context);
    var builder = NaruCluster.of(wanted.nodes());
    pairs(wanted.settings()).forEach(builder::with);
    context.getStore(NAMESPACE).put(Started.class, new Started(builder.start()));
  }

  private static NaruTest.Scope scopeOf(ExtensionContext context) {
    return wanted(context).scope();
  }

  /** That of the test's class, or of the one around it. */
  private static NaruTest wanted(ExtensionContext context) {
    for (Class<?> type = context.getRequiredTestClass();
        type != null;
        type = type.getEnclosingClass()) {
      var found = type.getAnnotation(NaruTest.class);
      if (found != null) {
        return found;
      }
    }
    throw new IllegalStateException(
        "Expected @NaruTest at " + context.getRequiredTestClass() + ", but there is none");
  }

  private static Map<String, String> pairs(String[] texts) {
    var pairs = new TreeMap<String, String>();
    for (String text : texts) {
      int end = text.indexOf('=');
      if (end < 1) {
        throw new IllegalArgumentException("Expected name=value, but was " + text);
      }
      pairs.put(text.substring(0, end), text.substring(end + 1));
    }
    return pairs;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return type == NaruCluster.class
        || type == NaruClient.class
        || type == Admin.class
        || (type == String.class && parameter.isAnnotated(Topic.class));
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    var started = started(context);
    if (type == NaruCluster.class) {
      return started.cluster;
    }
    if (type == NaruClient.class) {
      return client(started, context);
    }
    if (type == Admin.class) {
      return client(started, context).admin();
    }
    var topic = parameter.findAnnotation(Topic.class).orElseThrow();
    return create(topic, started.nextTopic(context), client(started, context).admin());
  }

  private static Started started(ExtensionContext context) {
    var started = context.getStore(NAMESPACE).get(Started.class, Started.class);
    if (started == null) {
      throw new ParameterResolutionException(
          "Expected a cluster that has started, but with scope METHOD there is one only for the"
              + " parameters of a test and of what is done before and after each");
    }
    return started;
  }

  /** One for each test, or that of its class if something of the class has asked for it. */
  private static NaruClient client(Started started, ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .computeIfAbsent(NaruClient.class, same -> started.cluster.client(), NaruClient.class);
  }

  private static String create(Topic wanted, String name, Admin admin) {
    var topic = NewTopic.named(name).partitions(wanted.partitions());
    if (wanted.replicas() > 0) {
      topic = topic.replicationFactor(wanted.replicas());
    }
    for (var config : pairs(wanted.configs()).entrySet()) {
      topic = topic.config(config.getKey(), config.getValue());
    }
    try {
      admin.createTopic(topic).get(CREATION_SECONDS_MAX, TimeUnit.SECONDS);
      return name;
    } catch (ExecutionException | TimeoutException e) {
      throw new ParameterResolutionException("Expected topic " + name + ", but " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ParameterResolutionException("Expected topic " + name + ", but " + e, e);
    }
  }

  /** A cluster and how many topics it was asked for. JUnit closes it. */
  private static final class Started implements AutoCloseable {

    private final NaruCluster cluster;
    private final AtomicInteger topics = new AtomicInteger();

    Started(NaruCluster cluster) {
      this.cluster = cluster;
    }

    String nextTopic(ExtensionContext context) {
      return context.getRequiredTestClass().getSimpleName() + "-" + topics.incrementAndGet();
    }

    @Override
    public void close() {
      cluster.close();
    }
  }
}
