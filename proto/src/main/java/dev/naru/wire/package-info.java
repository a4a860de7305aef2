/** The streams whose messages carry batches, and how those bytes travel in them. */
@NullMarked
package dev.naru.wire;

import org.jspecify.annotations.NullMarked;
