@NullMarked
package dev.naru.broker.coordinator;

import org.jspecify.annotations.NullMarked;
