package dev.naru.kafka.clients.admin;

import dev.naru.client.NaruClient;
import dev.naru.kafka.clients.Failures;
import dev.naru.kafka.clients.GivenSettings;
import java.util.Map;
import java.util.Properties;

/** Makes an {@link Admin}, for those who know it by this name. */
public abstract class AdminClient implements Admin {

  /** Not for applications. */
  AdminClient() {}

  /** With these settings. */
  public static AdminClient create(Properties properties) {
    return of(GivenSettings.of(properties));
  }

  /** With these settings. */
  public static AdminClient create(Map<String, Object> configs) {
    return of(GivenSettings.of(configs));
  }

  private static AdminClient of(GivenSettings settings) {
    return Failures.in(() -> new NaruAdminClient(NaruClient.fromProperties(settings.toNaru())));
  }
}
