/** Tests of this package. */
@NullMarked
package dev.naru.broker.flow;

import org.jspecify.annotations.NullMarked;
