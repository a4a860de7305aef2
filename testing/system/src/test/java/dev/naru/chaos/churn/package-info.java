/** A group whose members come and go while records flow, and what that costs. */
@NullMarked
package dev.naru.chaos.churn;

import org.jspecify.annotations.NullMarked;
