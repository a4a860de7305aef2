/** Tests of this package. */
@NullMarked
package dev.naru.broker.config;

import org.jspecify.annotations.NullMarked;
