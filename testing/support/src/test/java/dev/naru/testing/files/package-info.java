/** Tests of the second parser, with a writer of its own. */
@NullMarked
package dev.naru.testing.files;

import org.jspecify.annotations.NullMarked;
