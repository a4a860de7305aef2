/** What the machine is, and where its processor time goes. */
@NullMarked
package dev.naru.bench.versus.machine;

import org.jspecify.annotations.NullMarked;
