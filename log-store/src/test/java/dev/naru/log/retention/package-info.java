@NullMarked
package dev.naru.log.retention;

import org.jspecify.annotations.NullMarked;
