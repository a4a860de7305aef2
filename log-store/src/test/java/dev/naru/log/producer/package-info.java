@NullMarked
package dev.naru.log.producer;

import org.jspecify.annotations.NullMarked;
