package dev.naru.wire;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.ExtensionRegistry;
import dev.naru.proto.v1.Access;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Our .proto files as the compiler sees them, comments included. The build writes the descriptor.
 */
final class CompiledProtos {

  private static final String DESCRIPTOR = "/naru.desc";

  private CompiledProtos() {}

  static List<FileDescriptor> files() {
    try (InputStream stream = CompiledProtos.class.getResourceAsStream(DESCRIPTOR)) {
      var registry = ExtensionRegistry.newInstance();
      registry.add(Access.requiredAccess);
      var set = FileDescriptorSet.parseFrom(Objects.requireNonNull(stream), registry);
      return link(set).stream().filter(file -> file.getPackage().startsWith("naru.")).toList();
    } catch (IOException | DescriptorValidationException e) {
      throw new IllegalStateException("Expected " + DESCRIPTOR + " to be a descriptor set", e);
    }
  }

  /** The set is in order: every file comes after those it imports. */
  private static List<FileDescriptor> link(FileDescriptorSet set)
      throws DescriptorValidationException {
    Map<String, FileDescriptor> linked = new LinkedHashMap<>();
    for (FileDescriptorProto file : set.getFileList()) {
      var imports =
          file.getDependencyList().stream().map(linked::get).toArray(FileDescriptor[]::new);
      linked.put(file.getName(), FileDescriptor.buildFrom(file, imports));
    }
    return List.copyOf(linked.values());
  }

  static Stream<MethodDescriptor> methods() {
    return files().stream()
        .flatMap(file -> file.getServices().stream())
        .flatMap(service -> service.getMethods().stream());
  }

  static Stream<Descriptor> messages() {
    return files().stream()
        .flatMap(file -> file.getMessageTypes().stream())
        .flatMap(CompiledProtos::withNested);
  }

  private static Stream<Descriptor> withNested(Descriptor message) {
    return Stream.concat(
        Stream.of(message), message.getNestedTypes().stream().flatMap(CompiledProtos::withNested));
  }

  static Stream<EnumDescriptor> enums() {
    return Stream.concat(
        files().stream().flatMap(file -> file.getEnumTypes().stream()),
        messages().flatMap(message -> message.getEnumTypes().stream()));
  }

  static Stream<FieldDescriptor> fields() {
    return messages().flatMap(message -> message.getFields().stream());
  }
}
