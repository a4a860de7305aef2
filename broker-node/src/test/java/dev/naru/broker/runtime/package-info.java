@NullMarked
package dev.naru.broker.runtime;

import org.jspecify.annotations.NullMarked;
