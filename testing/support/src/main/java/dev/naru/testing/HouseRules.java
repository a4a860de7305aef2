package dev.naru.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What holds in the whole house, as rules that fail the build. Each module checks itself in a test
 * of ten lines. Which package may do what stands in {@link Tiers}.
 *
 * <p>The rules read class files: a {@code synchronized} block or a comment they do not see.
 */
public final class HouseRules {

  private static final String NODE_MAIN = "dev.naru.broker.node.NodeMain";
  private static final String FORMAT_MAIN = "dev.naru.broker.node.FormatMain";
  private static final String VALIDATE_MAIN = "dev.naru.broker.node.ValidateMain";

  static final ArchRule EVERY_PACKAGE_HAS_A_TIER =
      PackageRules.everyPackageHasATier()
          .as("EVERY_PACKAGE_HAS_A_TIER")
          .because("whoever adds a package must say what its code may do");

  static final ArchRule PURE_CODE_TOUCHES_NOTHING =
      CompositeArchRule.of(
              noClasses()
                  .that()
                  .resideInAnyPackage(Tiers.PURE)
                  .should()
                  .dependOnClassesThat(
                      resideInAnyPackage(
                              "java.net..",
                              "java.nio.file..",
                              "java.nio.channels..",
                              "java.util.concurrent..",
                              "java.util.logging..",
                              "org.slf4j..",
                              "org.apache.logging..",
                              "io.micrometer..",
                              "io.grpc..",
                              "io.netty..",
                              "org.apache.ratis..",
                              "com.google.protobuf..",
                              Tiers.GENERATED)
                          .or(Accesses.FILE_API)
                          .or(belongToAnyOf(Thread.class, ThreadLocal.class))))
          .and(
              noClasses()
                  .that()
                  .resideInAnyPackage(Tiers.PURE)
                  .and()
                  .resideOutsideOfPackage("dev.naru.record") // compression is made of streams
                  .should()
                  .dependOnClassesThat()
                  .resideInAPackage("java.io.."))
          .as("PURE_CODE_TOUCHES_NOTHING")
          .because("the simulator runs it unchanged: time and finished I/O are arguments");

  static final ArchRule NO_CLOCK_NO_DICE =
      noClasses()
          .that()
          .resideInAnyPackage(Tiers.PURE_AND_OWNED)
          .should()
          .accessTargetWhere(Accesses.CLOCK.or(Accesses.DICE))
          .orShould()
          .dependOnClassesThat(belongToAnyOf(Clock.class, InstantSource.class))
          .as("NO_CLOCK_NO_DICE")
          .because("a run must be the same run when its inputs are the same");

  static final ArchRule ORDER_IS_THE_SAME_EVERYWHERE =
      noClasses()
          .that()
          .resideInAnyPackage(Tiers.PURE)
          .should()
          .accessTargetWhere(Accesses.UNORDERED)
          .orShould()
          .dependOnClassesThat(belongToAnyOf(HashMap.class, HashSet.class, IdentityHashMap.class))
          .as("ORDER_IS_THE_SAME_EVERYWHERE")
          .because("every node must decide the same from the same log");

  static final ArchRule OWNED_CODE_STARTS_NOTHING =
      noClasses()
          .that()
          .resideInAnyPackage(Tiers.OWNED)
          .should()
          .dependOnClassesThat(
              resideInAPackage("java.util.concurrent..")
                  .and(not(resideInAPackage("java.util.concurrent.atomic")))
                  .or(
                      resideInAnyPackage(
                          "java.net..",
                          "java.nio.channels..",
                          "io.grpc..",
                          "io.netty..",
                          "org.apache.ratis..",
                          Tiers.GENERATED))
                  .or(belongToAnyOf(Thread.class, ThreadLocal.class))
                  .or(Accesses.FILE_API))
          .as("OWNED_CODE_STARTS_NOTHING")
          .because("its owner's loop is the only thread it has, and Disk its only door");

  static final ArchRule MESSAGES_ARE_VALUES =
      classes()
          .that(describe("carry messages", HouseRules::isMessage))
          .should(
              ArchCondition.from(
                  describe(
                      "be records, enums or sealed interfaces",
                      type ->
                          type.isRecord()
                              || type.isEnum()
                              || (type.isInterface() && type.isSealed()))))
          .as("MESSAGES_ARE_VALUES")
          .because("what is handed to another owner must not change afterwards");

  static final ArchRule RATIS_IS_FENCED_IN =
      onlyIn(resideInAPackage("org.apache.ratis.."), "dev.naru.metadata.ratis")
          .as("RATIS_IS_FENCED_IN")
          .because("everybody else sees MetadataLog");

  static final ArchRule GRPC_STAYS_AT_THE_EDGE =
      CompositeArchRule.of(
              onlyIn(
                  resideInAPackage("io.grpc..").and(not(resideInAPackage("io.grpc.netty.."))),
                  "dev.naru.wire",
                  "dev.naru.broker.transport",
                  "dev.naru.broker.peer",
                  "dev.naru.broker.rpc",
                  "dev.naru.client.transport"))
          .and(
              onlyIn(
                  resideInAnyPackage("io.netty..", "io.grpc.netty.."),
                  "dev.naru.broker.transport",
                  "dev.naru.client.transport"))
          .as("GRPC_STAYS_AT_THE_EDGE")
          .because("how bytes travel is no business of those who decide what they mean");

  static final ArchRule GENERATED_CODE_STAYS_AT_THE_EDGE =
      onlyIn(
              resideInAPackage(Tiers.GENERATED),
              "dev.naru.wire",
              "dev.naru.metadata.codec",
              "dev.naru.broker.peer",
              "dev.naru.broker.rpc",
              "dev.naru.broker.http",
              "dev.naru.broker.grouplog",
              "dev.naru.client.transport",
              "dev.naru.client.admin",
              "dev.naru.cli..")
          .as("GENERATED_CODE_STAYS_AT_THE_EDGE")
          .because("messages become records of ours where they arrive");

  static final ArchRule FILES_HAVE_ONE_DOOR =
      onlyIn(
              Accesses.FILE_API,
              "dev.naru.log.disk",
              "dev.naru.metadata.ratis",
              "dev.naru.broker.config",
              "dev.naru.broker.transport",
              "dev.naru.client.transport",
              "dev.naru.cli..",
              "dev.naru.testing..",
              "dev.naru.bench..")
          .as("FILES_HAVE_ONE_DOOR")
          .because("behind the door a test can put a disk that fails, fills up or loses power");

  static final ArchRule C_HAS_ONE_DOOR =
      onlyIn(
              partOf("java.lang.foreign.Linker").or(partOf("java.lang.foreign.SymbolLookup")),
              "dev.naru.log.disk")
          .as("C_HAS_ONE_DOOR")
          .because("a wrong call takes the process along, so there are few, and they are together");

  static final ArchRule CLOCKS_ARE_BORN_AT_THE_TOP =
      noClasses()
          .that(
              not(
                  resideInAnyPackage(
                          "dev.naru.broker.runtime",
                          "dev.naru.broker.node",
                          "dev.naru.cli..",
                          "dev.naru.testing..",
                          "dev.naru.bench..",
                          Tiers.GENERATED)
                      .or(partOf("dev.naru.client.NaruClient"))))
          .should()
          .accessTargetWhere(Accesses.CLOCK.or(Accesses.DICE).or(Accesses.THREAD_FACTORY))
          .as("CLOCKS_ARE_BORN_AT_THE_TOP")
          .because("who is given the time can be given another one");

  static final ArchRule LAYERS = Layers.rule();

  static final ArchRule NOTHING_BEHIND_THE_SDK =
      noClasses()
          .that(not(resideInAPackage("dev.naru.client..")))
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.naru.client..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "dev.naru.client",
                              "dev.naru.client.producer",
                              "dev.naru.client.consumer",
                              "dev.naru.client.admin",
                              "dev.naru.client.json",
                              "dev.naru.client.mock",
                              "dev.naru.client.micrometer",
                              "dev.naru.client.tracing"))))
          .as("NOTHING_BEHIND_THE_SDK")
          .because("what our own tools need, applications need too");

  static final ArchRule NAMES =
      CompositeArchRule.of(
              noClasses()
                  .that(not(resideInAPackage(Tiers.GENERATED)))
                  .should()
                  .haveNameMatching(".*(Utils?|Helper|Impl|Manager)"))
          .and(PackageRules.everyPackageNameMeansSomething())
          .as("NAMES")
          .because("a name says what the thing is, not its role in a pattern");

  static final ArchRule PROCESS =
      CompositeArchRule.of(
              noClasses()
                  .that(
                      not(
                          resideInAnyPackage("dev.naru.cli..", "dev.naru.bench..")
                              .or(partOf(NODE_MAIN))
                              .or(partOf(FORMAT_MAIN))
                              .or(partOf(VALIDATE_MAIN))))
                  .should()
                  .accessTargetWhere(Accesses.EXIT))
          .and(
              noClasses()
                  .that(
                      not(
                          resideInAnyPackage(
                                  "dev.naru.cli..", "dev.naru.testing..", "dev.naru.bench..")
                              .or(partOf(NODE_MAIN))
                              .or(partOf(FORMAT_MAIN))
                              .or(partOf(VALIDATE_MAIN))))
                  .should()
                  .accessTargetWhere(Accesses.CONSOLE))
          .as("PROCESS")
          .because("the process and its console belong to main");

  static final ArchRule NULL_MARKED =
      PackageRules.everyPackageIsNullMarked()
          .as("NULL_MARKED")
          .because("NullAway believes only what is marked");

  static final ArchRule TESTS_DO_NOT_SLEEP =
      noClasses()
          .should()
          .accessTargetWhere(Accesses.SLEEP)
          .as("TESTS_DO_NOT_SLEEP")
          .because("a test turns a clock or awaits a condition");

  static final List<ArchRule> OF_MAIN_CLASSES =
      List.of(
          EVERY_PACKAGE_HAS_A_TIER,
          PURE_CODE_TOUCHES_NOTHING,
          NO_CLOCK_NO_DICE,
          ORDER_IS_THE_SAME_EVERYWHERE,
          OWNED_CODE_STARTS_NOTHING,
          MESSAGES_ARE_VALUES,
          RATIS_IS_FENCED_IN,
          GRPC_STAYS_AT_THE_EDGE,
          GENERATED_CODE_STAYS_AT_THE_EDGE,
          FILES_HAVE_ONE_DOOR,
          C_HAS_ONE_DOOR,
          CLOCKS_ARE_BORN_AT_THE_TOP,
          LAYERS,
          NOTHING_BEHIND_THE_SDK,
          NAMES,
          PROCESS,
          NULL_MARKED);

  static final List<ArchRule> OF_TEST_CLASSES = List.of(TESTS_DO_NOT_SLEEP);

  private HouseRules() {}

  /** Checks the module this test class belongs to, and reports all that is wrong at once. */
  public static void check(Class<?> test) {
    var module = ModuleUnderTest.of(test);
    var violations =
        Stream.concat(
                violations(OF_MAIN_CLASSES, module.mainClasses()),
                violations(OF_TEST_CLASSES, module.testClasses()))
            .collect(Collectors.joining("\n"));
    if (!violations.isEmpty()) {
      throw new AssertionError(violations);
    }
  }

  /** What these rules have against the classes in this folder; nothing when it is not there. */
  static Stream<String> violations(List<ArchRule> rules, Path folder) {
    if (!Files.isDirectory(folder)) {
      return Stream.empty(); // a module of tests has no main classes, and the other way round
    }
    var classes = importedFrom(folder);
    return rules.stream()
        .map(rule -> rule.allowEmptyShould(true).evaluate(classes))
        .filter(result -> result.hasViolation())
        .map(result -> result.getFailureReport().toString());
  }

  /**
   * They are judged by what they name. What stands in another place, such as the JDK, is known by
   * its name only: to read it as well takes several times as long, and no rule asks for more.
   */
  private static JavaClasses importedFrom(Path folder) {
    return ArchConfiguration.withThreadLocalScope(scope -> {
      scope.setResolveMissingDependenciesFromClassPath(false);
      return new ClassFileImporter()
          .withImportOption(location -> !location.contains("/jmh_generated/"))
          .importPath(folder);
    });
  }

  /** The class of this name and those nested in it. */
  static boolean isPartOf(String name, JavaClass type) {
    return type.getName().equals(name) || type.getName().startsWith(name + "$");
  }

  private static DescribedPredicate<JavaClass> partOf(String name) {
    return describe("part of " + name, type -> isPartOf(name, type));
  }

  private static ArchRule onlyIn(DescribedPredicate<JavaClass> what, String... where) {
    return noClasses()
        .that(not(resideInAnyPackage(where).or(resideInAPackage(Tiers.GENERATED))))
        .and()
        .resideInAPackage("dev.naru..")
        .should()
        .dependOnClassesThat(what);
  }

  private static boolean isMessage(JavaClass type) {
    // The compiler's own: of a switch over an enum, of a constant with a body, of package-info.
    if (type.isAnonymousClass() || type.getModifiers().contains(JavaModifier.SYNTHETIC)) {
      return false;
    }
    return resideInAnyPackage(
                "dev.naru.metadata.image", "dev.naru.metadata.command", "dev.naru.metadata.event")
            .test(type)
        || (resideInAnyPackage(Tiers.PURE).test(type)
            && type.getSimpleName().matches(".*(Input|Effect)"));
  }
}
