@NullMarked
package dev.naru.broker.partition;

import org.jspecify.annotations.NullMarked;
