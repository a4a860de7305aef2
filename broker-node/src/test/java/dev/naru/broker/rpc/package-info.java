/** Tests of this package. */
@NullMarked
package dev.naru.broker.rpc;

import org.jspecify.annotations.NullMarked;
