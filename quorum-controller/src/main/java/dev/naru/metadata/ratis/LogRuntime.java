package dev.naru.metadata.ratis;

import dev.naru.metadata.log.FatalFault;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ThreadFactory;

/** What the metadata log is given by the node that runs it. */
public record LogRuntime(ThreadFactory threads, MeterRegistry meters, FatalFault fatal) {}
