package dev.naru.broker.partition;

/** Something for a {@link Tenant}. What it means only the tenant knows, and who sent it. */
public interface TenantInput {}
