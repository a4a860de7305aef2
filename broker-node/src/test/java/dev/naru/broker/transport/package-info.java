@NullMarked
package dev.naru.broker.transport;

import org.jspecify.annotations.NullMarked;
