package dev.naru.testing;

import java.util.stream.Stream;

/**
 * Every package of Naru and what its code may do. A new package is added here first, or the build
 * fails: whoever adds it must say whether the simulator can run it.
 */
final class Tiers {

  /** Values and functions. Time and finished I/O come in as arguments. */
  static final String[] PURE = {
    "dev.naru.types",
    "dev.naru.record",
    "dev.naru.log.epoch",
    "dev.naru.log.compaction",
    "dev.naru.log.producer",
    "dev.naru.log.retention",
    "dev.naru.metadata.image",
    "dev.naru.metadata.command",
    "dev.naru.metadata.event",
    "dev.naru.metadata.machine",
    "dev.naru.metadata.chronicle",
    "dev.naru.metadata.balance",
    "dev.naru.metadata.liveness",
    "dev.naru.controller.operation",
    "dev.naru.broker.replica",
    "dev.naru.broker.group",
    "dev.naru.broker.flow",
    "dev.naru.broker.access",
    "dev.naru.client.core",
  };

  /** Touched by one owner at a time; reaches files through Disk, and nothing else outside. */
  static final String[] OWNED = {
    "dev.naru.log",
    "dev.naru.log.segment",
    "dev.naru.log.recovery",
    "dev.naru.log.inspect",
    "dev.naru.log.salvage",
    "dev.naru.broker.partition",
    "dev.naru.broker.coordinator",
    "dev.naru.broker.eventlog",
  };

  /** Threads, sockets, clocks, libraries: decodes, calls, encodes, and decides nothing. */
  static final String[] EDGE = {
    "dev.naru.wire",
    "dev.naru.log.disk",
    "dev.naru.log.store",
    "dev.naru.metadata.codec",
    "dev.naru.metadata.log",
    "dev.naru.metadata.ratis",
    "dev.naru.metrics",
    "dev.naru.controller",
    "dev.naru.broker.loop",
    "dev.naru.broker.transport",
    "dev.naru.broker.peer",
    "dev.naru.broker.rpc",
    "dev.naru.broker.http",
    "dev.naru.broker.grouplog",
    "dev.naru.broker.config",
    "dev.naru.broker.events",
    "dev.naru.broker.metrics",
    "dev.naru.broker.runtime",
    "dev.naru.broker.upkeep",
    "dev.naru.broker.node",
    "dev.naru.client",
    "dev.naru.client.producer",
    "dev.naru.client.consumer",
    "dev.naru.client.admin",
    "dev.naru.client.transport",
    "dev.naru.client.json",
    "dev.naru.client.mock",
    "dev.naru.client.micrometer",
    "dev.naru.client.tracing",
    "dev.naru.kafka..",
    "dev.naru.cli..",
    "dev.naru.testing..",
    "dev.naru.simulation..",
    "dev.naru.chaos..",
    "dev.naru.bench..",
  };

  /** Written by the protobuf compiler; no rule judges it. */
  static final String GENERATED = "dev.naru.proto..";

  static final String[] PURE_AND_OWNED = concat(PURE, OWNED);

  static final String[] ALL = concat(concat(PURE_AND_OWNED, EDGE), GENERATED);

  private Tiers() {}

  private static String[] concat(String[] some, String... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
  }
}
