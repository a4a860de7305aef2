/**
 * What the active controller knows and the log does not: who was heard when, and what follows from
 * it.
 */
@NullMarked
package dev.naru.metadata.liveness;

import org.jspecify.annotations.NullMarked;
