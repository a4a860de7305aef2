package dev.naru.wire;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds what has no comment. The compiler keeps comments apart from what they explain, under its
 * path in the descriptor: field number, index, field number, index and so on.
 */
final class ProtoComments {

  private final Set<List<Integer>> commented;
  private final List<String> missing = new ArrayList<>();

  private ProtoComments(FileDescriptorProto file) {
    commented =
        file.getSourceCodeInfo().getLocationList().stream()
            .filter(location -> !location.getLeadingComments().isBlank())
            .map(Location::getPathList)
            .collect(Collectors.toSet());
  }

  /** Names of the messages, fields, enums, values, services and methods without a comment. */
  static List<String> missing(FileDescriptorProto file) {
    var comments = new ProtoComments(file);
    var top = new Place(file.getPackage(), List.of());
    comments.each(
        top,
        FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER,
        file.getMessageTypeList(),
        DescriptorProto::getName,
        comments::message);
    comments.each(
        top,
        FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER,
        file.getEnumTypeList(),
        EnumDescriptorProto::getName,
        comments::values);
    comments.each(
        top,
        FileDescriptorProto.SERVICE_FIELD_NUMBER,
        file.getServiceList(),
        ServiceDescriptorProto::getName,
        comments::methods);
    comments.each(
        top,
        FileDescriptorProto.EXTENSION_FIELD_NUMBER,
        file.getExtensionList(),
        FieldDescriptorProto::getName,
        (place, extension) -> {});
    return comments.missing;
  }

  private void message(Place place, DescriptorProto message) {
    each(
        place,
        DescriptorProto.FIELD_FIELD_NUMBER,
        message.getFieldList(),
        FieldDescriptorProto::getName,
        (at, field) -> {});
    each(
        place,
        DescriptorProto.NESTED_TYPE_FIELD_NUMBER,
        message.getNestedTypeList(),
        DescriptorProto::getName,
        this::message);
    each(
        place,
        DescriptorProto.ENUM_TYPE_FIELD_NUMBER,
        message.getEnumTypeList(),
        EnumDescriptorProto::getName,
        this::values);
  }

  private void values(Place place, EnumDescriptorProto type) {
    each(
        place,
        EnumDescriptorProto.VALUE_FIELD_NUMBER,
        type.getValueList(),
        EnumValueDescriptorProto::getName,
        (at, value) -> {});
  }

  private void methods(Place place, ServiceDescriptorProto service) {
    each(
        place,
        ServiceDescriptorProto.METHOD_FIELD_NUMBER,
        service.getMethodList(),
        MethodDescriptorProto::getName,
        (at, method) -> {});
  }

  private <T> void each(
      Place parent,
      int field,
      List<T> children,
      Function<T, String> name,
      BiConsumer<Place, T> inside) {
    for (int i = 0; i < children.size(); i++) {
      T child = children.get(i);
      if (isMadeByTheCompiler(child)) {
        continue;
      }
      var place = parent.child(name.apply(child), field, i);
      if (!commented.contains(place.path())) {
        missing.add(place.name());
      }
      inside.accept(place, child);
    }
  }

  /** The entries of a map field have a type that nobody has written. */
  private static boolean isMadeByTheCompiler(Object child) {
    return child instanceof DescriptorProto message && message.getOptions().getMapEntry();
  }

  private record Place(String name, List<Integer> path) {

    Place child(String childName, int field, int index) {
      var childPath = new ArrayList<>(path);
      childPath.add(field);
      childPath.add(index);
      return new Place(name + "." + childName, childPath);
    }
  }
}
