@NullMarked
package dev.naru.broker.metrics;

import org.jspecify.annotations.NullMarked;
