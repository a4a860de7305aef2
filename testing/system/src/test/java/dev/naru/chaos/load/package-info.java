/** Clients that write and read all the time, and take down what they did and saw. */
@NullMarked
package dev.naru.chaos.load;

import org.jspecify.annotations.NullMarked;
