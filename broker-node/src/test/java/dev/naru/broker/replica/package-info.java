@NullMarked
package dev.naru.broker.replica;

import org.jspecify.annotations.NullMarked;
