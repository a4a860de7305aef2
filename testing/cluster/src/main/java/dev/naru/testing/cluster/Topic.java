package dev.naru.testing.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Asks for a new topic of the test's cluster, and is given its name. */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Topic {

  /** How many partitions. */
  int partitions() default 1;

  /** How many copies of each; 0 means what the cluster has by default. */
  int replicas() default 0;

  /** Settings of the topic, each as {@code name=value}. */
  String[] configs() default {};
}
