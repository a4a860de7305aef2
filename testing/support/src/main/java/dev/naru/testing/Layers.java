package dev.naru.testing;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.stream.Stream;

/** Who may see whom. Each line names a part of the house and all of Naru it may depend on. */
final class Layers {

  private static final String[] SHARED = {"dev.naru.types", "dev.naru.record"};
  private static final String[] WIRE = {"dev.naru.wire", "dev.naru.proto.."};

  /** What the log store shows to others; the rest is its own business. */
  private static final String[] LOGS = {
    "dev.naru.log",
    "dev.naru.log.store",
    "dev.naru.log.disk",
    "dev.naru.log.epoch",
    "dev.naru.log.compaction",
    "dev.naru.log.producer",
    "dev.naru.log.retention",
    "dev.naru.log.salvage"
  };

  private static final String[] GAUGES = {"dev.naru.metrics"};
  private static final String[] METADATA = {"dev.naru.metadata..", "dev.naru.controller.."};

  private static final String[] CORE = broker("replica", "group", "flow", "access");
  private static final String[] OWNERS = broker("partition", "coordinator", "eventlog");
  private static final String[] LOOP = broker("loop");
  private static final String[] SERVICES = broker("transport", "config", "events", "metrics");
  private static final String[] FRONT = broker("peer", "rpc", "http", "grouplog");
  private static final String[] UPKEEP = broker("runtime", "upkeep");
  private static final String[] BELOW_BROKER = join(SHARED, WIRE, LOGS, GAUGES, METADATA);

  private static final String[] SDK = {"dev.naru.client.."};

  /** Names of another house around what applications see of the SDK. */
  private static final String[] KAFKA_STYLE = {"dev.naru.kafka.."};

  private static final String[] TESTS = {
    "dev.naru.testing..", "dev.naru.simulation..", "dev.naru.chaos..", "dev.naru.bench.."
  };

  static ArchRule rule() {
    return CompositeArchRule.of(only(SHARED, SHARED))
        .and(only(new String[] {"dev.naru.wire"}, join(SHARED, WIRE)))
        .and(only(new String[] {"dev.naru.log.."}, join(SHARED, new String[] {"dev.naru.log.."})))
        .and(only(GAUGES, join(SHARED, GAUGES)))
        .and(only(METADATA, join(SHARED, WIRE, GAUGES, METADATA)))
        .and(only(CORE, join(BELOW_BROKER, CORE)))
        .and(only(OWNERS, join(BELOW_BROKER, CORE, OWNERS)))
        .and(only(SERVICES, join(BELOW_BROKER, CORE, OWNERS, LOOP, SERVICES)))
        .and(only(LOOP, join(BELOW_BROKER, CORE, OWNERS, LOOP, SERVICES)))
        .and(only(FRONT, join(BELOW_BROKER, CORE, OWNERS, LOOP, SERVICES, FRONT)))
        .and(only(UPKEEP, join(BELOW_BROKER, CORE, OWNERS, LOOP, SERVICES, FRONT, UPKEEP)))
        .and(only(broker("node"), join(BELOW_BROKER, new String[] {"dev.naru.broker.."})))
        .and(only(SDK, join(SHARED, WIRE, SDK)))
        .and(only(KAFKA_STYLE, join(SHARED, SDK, KAFKA_STYLE)))
        .and(only(new String[] {"dev.naru.cli.."}, seenByTheCommand()))
        .and(only(TESTS, join(BELOW_BROKER, SDK, TESTS, new String[] {"dev.naru.broker.."})))
        .and(slices().assignedFrom(new Packages()).should().beFreeOfCycles())
        .as("LAYERS")
        .because("a part that knows its users cannot be understood, tested or replaced alone");
  }

  private Layers() {}

  /** Of what nodes keep on disk it sees enough to read it: naru debug needs no node. */
  private static String[] seenByTheCommand() {
    return join(
        SHARED,
        WIRE,
        LOGS,
        SDK,
        new String[] {
          "dev.naru.log.inspect",
          "dev.naru.metadata.image",
          "dev.naru.metadata.command",
          "dev.naru.metadata.codec",
          "dev.naru.metadata.log",
          "dev.naru.metadata.ratis",
          "dev.naru.cli.."
        });
  }

  private static ArchRule only(String[] part, String[] seen) {
    return classes()
        .that()
        .resideInAnyPackage(part)
        .should()
        .onlyDependOnClassesThat(not(resideInAnyPackage("dev.naru..")).or(resideInAnyPackage(seen)))
        .allowEmptyShould(true);
  }

  private static String[] broker(String... packages) {
    return Stream.of(packages).map(name -> "dev.naru.broker." + name).toArray(String[]::new);
  }

  private static String[] join(String[]... parts) {
    return Stream.of(parts).flatMap(Stream::of).toArray(String[]::new);
  }

  /**
   * Each package is a slice, with three exceptions. The command is one slice, a leaf, and so are
   * the packages that Kafka has cut. And NaruClient belongs to none: it makes the producers and
   * consumers that use the types beside it.
   */
  private static final class Packages implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      if (!resideInAnyPackage("dev.naru..").test(type)
          || resideInAnyPackage(Tiers.GENERATED).test(type)
          || HouseRules.isPartOf("dev.naru.client.NaruClient", type)) {
        return SliceIdentifier.ignore();
      }
      return SliceIdentifier.of(
          Stream.of("dev.naru.cli", "dev.naru.kafka")
              .filter(leaf -> resideInAnyPackage(leaf + "..").test(type))
              .findFirst()
              .orElseGet(type::getPackageName));
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}
