package dev.naru.controller;

import dev.naru.metadata.log.FatalFault;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/**
 * What the controller is given by the node that runs it.
 *
 * @param nanoClock monotonic, for every timeout
 * @param wallMillis stamped into commands, never compared
 */
public record ControllerRuntime(
    ThreadFactory threads,
    LongSupplier nanoClock,
    LongSupplier wallMillis,
    MeterRegistry meters,
    FatalFault fatal) {}
