@NullMarked
package dev.naru.broker.group;

import org.jspecify.annotations.NullMarked;
