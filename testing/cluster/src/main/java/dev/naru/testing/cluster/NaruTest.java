package dev.naru.testing.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class a cluster of real nodes in its own JVM. Test methods, constructors and
 * callbacks may ask for it by their parameters:
 *
 * <pre>{@code
 * @NaruTest(nodes = 3)
 * class OrdersTest {
 *   @Test
 *   void survivesANode(NaruCluster cluster, NaruClient naru, @Topic(partitions = 3) String orders) {
 *     cluster.kill(1);
 *     ...
 *   }
 * }
 * }</pre>
 *
 * A {@link NaruCluster}; a {@link dev.naru.client.NaruClient} of it, or that client's {@link
 * dev.naru.client.admin.Admin}, one for each test; and {@link Topic topics}. All of it is closed
 * when the test or class is over, and a node that has lost sight of memory fails it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(NaruExtension.class)
public @interface NaruTest {

  /** How many nodes; the first three vote, or the only one. */
  int nodes() default 3;

  /** Settings of every node, each as {@code name=value}. */
  String[] settings() default {};

  /** Who shares a cluster. */
  Scope scope() default Scope.CLASS;

  /** Who shares a cluster. */
  enum Scope {
    /** All tests of the class; each had better make topics of its own. */
    CLASS,
    /** Nobody: each test has its own, which takes some seconds to start. */
    METHOD
  }
}
