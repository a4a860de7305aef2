package dev.naru.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Calendar;
import java.util.Collections;
import java.util.Date;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;

/**
 * The calls and classes of the JDK that the house rules speak of. Calls and method references are
 * both accesses here, so that {@code Instant::now} is found like {@code Instant.now()}.
 */
final class Accesses {

  private static final String CONSTRUCTOR = "<init>";

  static final DescribedPredicate<JavaAccess<?>> CLOCK =
      to(System.class, "nanoTime|currentTimeMillis")
          .or(where(access -> isNow(access) && !takes(access, Clock.class)))
          .or(to(Clock.class, "system.*|tick.*"))
          .or(to(InstantSource.class, "system"))
          .or(to(Calendar.class, "getInstance"))
          .or(to(Date.class, CONSTRUCTOR).and(withParameters(0)))
          .as("a clock");

  static final DescribedPredicate<JavaAccess<?>> DICE =
      to(UUID.class, "randomUUID")
          .or(to(Math.class, "random"))
          .or(to(StrictMath.class, "random"))
          .or(to(Random.class, CONSTRUCTOR))
          .or(to(SecureRandom.class, CONSTRUCTOR + "|getInstance.*"))
          .or(to(ThreadLocalRandom.class, ".*"))
          .or(to(RandomGenerator.class, "of|getDefault"))
          .or(to(RandomGeneratorFactory.class, ".*"))
          // With a seed out of a command it is a function.
          .or(to(SplittableRandom.class, CONSTRUCTOR).and(withParameters(0)))
          .or(to(Collections.class, "shuffle").and(withParameters(1)))
          .as("dice");

  static final DescribedPredicate<JavaAccess<?>> THREAD_FACTORY =
      to(Thread.class, CONSTRUCTOR + "|ofVirtual|ofPlatform|startVirtualThread")
          .or(to(Timer.class, CONSTRUCTOR))
          .or(to(ForkJoinPool.class, CONSTRUCTOR))
          .or(to(Executors.class, "new.*|defaultThreadFactory").and(withoutThreadFactory()))
          .or(to(ThreadPoolExecutor.class, CONSTRUCTOR).and(withoutThreadFactory()))
          .or(to(ScheduledThreadPoolExecutor.class, CONSTRUCTOR).and(withoutThreadFactory()))
          .as("a thread factory");

  /** What is ordered otherwise in each JVM. With a map of the caller's choice it is not. */
  static final DescribedPredicate<JavaAccess<?>> UNORDERED =
      to(Set.class, "of|copyOf")
          .or(to(Map.class, "of|copyOf|ofEntries"))
          .or(
              to(
                  Collectors.class,
                  "toSet|toUnmodifiable(Set|Map)|toConcurrentMap|groupingByConc.*"))
          .or(to(Collectors.class, "toMap").and(withoutParameters(4)))
          .or(to(Collectors.class, "groupingBy").and(withoutParameters(3)))
          .or(to(System.class, "identityHashCode"))
          .as("an order that differs between two JVMs");

  static final DescribedPredicate<JavaAccess<?>> SLEEP =
      to(Thread.class, "sleep").or(to(TimeUnit.class, "sleep")).as("sleep");

  static final DescribedPredicate<JavaAccess<?>> EXIT =
      to(System.class, "exit").or(to(Runtime.class, "exit|halt")).as("the end of the process");

  static final DescribedPredicate<JavaAccess<?>> CONSOLE =
      to(System.class, "out|err")
          .or(where(access -> access.getName().equals("printStackTrace")))
          .as("the console");

  /**
   * What opens or changes files. A Path is only a name, and an exception only a report: both may go
   * anywhere.
   */
  static final DescribedPredicate<JavaClass> FILE_API =
      describe(
          "the file API",
          type ->
              type.getName()
                      .matches(
                          "java\\.io\\.(File|RandomAccess)\\w*"
                              + "|java\\.nio\\.file\\..*"
                              + "|java\\.nio\\.channels\\.(Asynchronous)?File\\w*"
                              + "|java\\.util\\.(zip\\.ZipFile|jar\\.JarFile)")
                  && !type.getName().equals("java.nio.file.Path")
                  && !type.getName().endsWith("Exception"));

  private Accesses() {}

  private static DescribedPredicate<JavaAccess<?>> to(Class<?> owner, String name) {
    return where(access ->
        access.getTargetOwner().getName().equals(owner.getName())
            && access.getName().matches(name));
  }

  private static boolean isNow(JavaAccess<?> access) {
    return access.getName().equals("now")
        && access.getTargetOwner().getPackageName().startsWith("java.time");
  }

  private static DescribedPredicate<JavaAccess<?>> withParameters(int count) {
    return where(access -> parameters(access) == count);
  }

  private static DescribedPredicate<JavaAccess<?>> withoutParameters(int count) {
    return where(access -> parameters(access) != count);
  }

  private static DescribedPredicate<JavaAccess<?>> withoutThreadFactory() {
    return where(access -> !takes(access, ThreadFactory.class));
  }

  private static int parameters(JavaAccess<?> access) {
    return access.getTarget() instanceof CodeUnitAccessTarget target
        ? target.getRawParameterTypes().size()
        : 0;
  }

  private static boolean takes(JavaAccess<?> access, Class<?> parameter) {
    return access.getTarget() instanceof CodeUnitAccessTarget target
        && target.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(parameter));
  }

  private static DescribedPredicate<JavaAccess<?>> where(Predicate<JavaAccess<?>> holds) {
    return describe("access", holds);
  }
}
