/** What Naru promises, and which tests prove it. */
@NullMarked
package dev.naru.testing.conformance;

import org.jspecify.annotations.NullMarked;
