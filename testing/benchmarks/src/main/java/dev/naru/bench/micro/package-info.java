/** What single steps of a record's way cost. */
@NullMarked
package dev.naru.bench.micro;

import org.jspecify.annotations.NullMarked;
