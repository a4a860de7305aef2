/** Tests of this package. */
@NullMarked
package dev.naru.broker.peer;

import org.jspecify.annotations.NullMarked;
