/** What the controller and the broker of a node share in showing their numbers. */
@NullMarked
package dev.naru.metrics;

import org.jspecify.annotations.NullMarked;
