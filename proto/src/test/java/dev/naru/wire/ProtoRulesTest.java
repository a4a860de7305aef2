package dev.naru.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import dev.naru.proto.v1.Access;
import dev.naru.proto.v1.Operation;
import dev.naru.proto.v1.Resource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of our .proto files, held over what the compiler made of them. */
class ProtoRulesTest {

  /** What is stored in them is compared as bytes, so that its encoding must be one-to-one. */
  private static final Set<String> LOGS =
      Set.of("naru/internal/v1/metadata_log.proto", "naru/internal/v1/group_log.proto");

  /** The follower's side of a stream on which both talk: what it sends are no requests. */
  private static final Set<String> NO_REQUESTS =
      Set.of("naru.internal.v1.ReplicationService.Replicate");

  @Test
  void everythingHasAComment() {
    assertThat(CompiledProtos.files())
        .isNotEmpty()
        .allSatisfy(file -> assertThat(ProtoComments.missing(file.toProto())).isEmpty());
  }

  @Test
  void packagesMatchTheirFolderAndCarryAVersion() {
    holds(
        CompiledProtos.files().stream(),
        file ->
            file.getPackage().endsWith(".v1")
                && file.getName().startsWith(file.getPackage().replace('.', '/') + "/")
                && file.getOptions().getJavaPackage().equals("dev.naru.proto" + shortName(file))
                && file.getOptions().getJavaMultipleFiles());
  }

  private static String shortName(FileDescriptor file) {
    return file.getPackage().substring("naru".length());
  }

  @Test
  void enumsBeginWithUnspecifiedAndPrefixTheirValues() {
    holds(
        CompiledProtos.enums(),
        type ->
            type.findValueByNumber(0).getName().equals(prefix(type) + "UNSPECIFIED")
                && type.getValues().stream()
                    .map(EnumValueDescriptor::getName)
                    .allMatch(name -> name.startsWith(prefix(type))));
  }

  private static String prefix(EnumDescriptor type) {
    return type.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT) + "_";
  }

  @Test
  void everyMethodHasARequestOfItsOwn() {
    var seen = new TreeSet<String>();
    holds(
        CompiledProtos.methods(),
        method ->
            seen.add(method.getInputType().getFullName())
                && (NO_REQUESTS.contains(method.getFullName())
                    || method.getInputType().getName().equals(method.getName() + "Request")));
  }

  @Test
  void everyMethodSaysWhatItsCallerMustBeAllowed() {
    holds(
        CompiledProtos.methods(),
        method -> {
          var access = method.getOptions().getExtension(Access.requiredAccess);
          return access.getOperation() != Operation.OPERATION_UNSPECIFIED
              && access.getOperation() != Operation.UNRECOGNIZED
              && access.getResource() != Resource.RESOURCE_UNSPECIFIED
              && access.getResource() != Resource.UNRECOGNIZED;
        });
  }

  @Test
  void methodsBetweenNodesAreForNodesOnly() {
    holds(
        CompiledProtos.methods(),
        method ->
            method.getFile().getPackage().equals("naru.internal.v1")
                == (method.getOptions().getExtension(Access.requiredAccess).getOperation()
                    == Operation.OPERATION_NODE));
  }

  @Test
  void servicesSayThatTheyAreServices() {
    holds(
        CompiledProtos.files().stream().flatMap(file -> file.getServices().stream()),
        service -> service.getName().endsWith("Service"));
  }

  @Test
  void fieldsAreWrittenInLowerCase() {
    holds(CompiledProtos.fields(), field -> field.getName().matches("[a-z][a-z0-9]*(_[a-z0-9]+)*"));
  }

  @Test
  void absenceIsSaidByOptionalAndNotByAWrapper() {
    holds(
        CompiledProtos.fields(),
        field ->
            field.getType() != FieldDescriptor.Type.MESSAGE
                || !field.getMessageType().getFile().getName().endsWith("/wrappers.proto"));
  }

  @Test
  void offsetsAndEpochsAreSignedNumbers() {
    holds(
        CompiledProtos.fields()
            .filter(field -> field.getName().matches("(.*_)?(offset|epoch|end)")),
        field ->
            field.getType() == FieldDescriptor.Type.INT64
                || field.getType() == FieldDescriptor.Type.INT32);
  }

  @Test
  void listsComeInPages() {
    holds(
        CompiledProtos.methods()
            .filter(method -> method.getFile().getPackage().equals("naru.admin.v1"))
            .filter(method -> method.getName().startsWith("List")),
        method ->
            names(method.getInputType()).containsAll(List.of("page_size", "page_token"))
                && names(method.getOutputType()).contains("next_page_token"));
  }

  private static List<String> names(Descriptor message) {
    return message.getFields().stream().map(FieldDescriptor::getName).toList();
  }

  @Test
  void batchesAreTheLastFieldWhereverTheyTravel() {
    var carriers =
        CompiledProtos.fields()
            .filter(field -> field.getType() == FieldDescriptor.Type.BYTES)
            .filter(field -> Set.of("batch", "batches").contains(field.getName()))
            .toList();

    assertThat(carriers).hasSize(4);
    holds(
        carriers.stream(),
        field ->
            field.getNumber() == BatchMarshaller.BATCHES_FIELD
                && field.getContainingType().getFields().stream()
                    .allMatch(other -> other.getNumber() <= BatchMarshaller.BATCHES_FIELD));
  }

  @Test
  void logsHaveNoMapsForTheirEncodingMustBeOneToOne() {
    holds(
        CompiledProtos.fields().filter(field -> LOGS.contains(field.getFile().getName())),
        field -> !field.isMapField());
  }

  private static <T extends GenericDescriptor> void holds(Stream<T> all, Predicate<T> rule) {
    assertThat(all.filter(rule.negate()).map(GenericDescriptor::getFullName)).isEmpty();
  }
}
