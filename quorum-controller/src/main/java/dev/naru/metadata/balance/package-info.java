/** Plans by which nodes lead and hold alike: which replicas, and who leads. Nothing moves by it. */
@NullMarked
package dev.naru.metadata.balance;

import org.jspecify.annotations.NullMarked;
