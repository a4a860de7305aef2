/** A cluster in memory, for the unit tests of applications: no network, no thread, no clock. */
@NullMarked
package dev.naru.client.mock;

import org.jspecify.annotations.NullMarked;
