/** Traces that go on from who sends a record to who reads it. */
@NullMarked
package dev.naru.client.tracing;

import org.jspecify.annotations.NullMarked;
