/** What the tests of every module share: the house rules, seeds, virtual time, golden files. */
@NullMarked
package dev.naru.testing;

import org.jspecify.annotations.NullMarked;
