/** Real nodes as processes of their own, killed and restarted while clients go on. */
@NullMarked
package dev.naru.chaos;

import org.jspecify.annotations.NullMarked;
