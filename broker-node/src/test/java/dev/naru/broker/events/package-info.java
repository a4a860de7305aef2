/** Tests of this package. */
@NullMarked
package dev.naru.broker.events;

import org.jspecify.annotations.NullMarked;
