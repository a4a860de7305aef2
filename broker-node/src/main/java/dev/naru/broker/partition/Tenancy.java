package dev.naru.broker.partition;

/** Makes the tenant of a partition each time this node begins to lead it. */
@FunctionalInterface
public interface Tenancy {

  /**
   * A tenant for the epoch that has just begun.
   *
   * @param nowNanos monotonic clock, as in {@link Tenant#tick}
   */
  Tenant begin(TenantLog log, long nowNanos);
}
