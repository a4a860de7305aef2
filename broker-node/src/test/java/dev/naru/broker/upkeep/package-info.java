/** Tests of this package. */
@NullMarked
package dev.naru.broker.upkeep;

import org.jspecify.annotations.NullMarked;
