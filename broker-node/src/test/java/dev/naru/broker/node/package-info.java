/** Tests of this package. */
@NullMarked
package dev.naru.broker.node;

import org.jspecify.annotations.NullMarked;
