/**
 * Writes what the controller decided into the topic {@code __events}, where the partition is led.
 */
@NullMarked
package dev.naru.broker.eventlog;

import org.jspecify.annotations.NullMarked;
