/** Ids, epochs, error codes and refusals, and how settings and metrics are named and explained. */
@NullMarked
package dev.naru.types;

import org.jspecify.annotations.NullMarked;
