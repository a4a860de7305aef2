/** Tests of this package. */
@NullMarked
package dev.naru.broker.loop;

import org.jspecify.annotations.NullMarked;
