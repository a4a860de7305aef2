@NullMarked
package dev.naru.broker.grouplog;

import org.jspecify.annotations.NullMarked;
