/** Tests of this package. */
@NullMarked
package dev.naru.broker.http;

import org.jspecify.annotations.NullMarked;
