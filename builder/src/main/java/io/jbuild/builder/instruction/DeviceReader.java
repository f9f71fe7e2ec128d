package io.jbuild.builder.instruction;

import io.jbuild.builder.parse.Flag;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Suggestion;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads {@code --device=[name=]NAME[,required[=BOOL]]}, where a CDI name may hold {@code =} itself.
 */
final class DeviceReader {
  private final Flag flag;
  private final Origin origin;
  private String name = "";
  private boolean required;

  DeviceReader(Flag flag, Origin origin) {
    this.flag = flag;
    this.origin = origin;
  }

  Run.Device read() throws BuildfileException {
    Optional<List<String>> fields = Csv.fields(flag.value().orElse(""));
    if (fields.isEmpty()) {
      throw error("failed to parse csv devices: misplaced quote");
    }
    for (String field : fields.get()) {
      field(field);
    }
    if (name.isEmpty()) {
      throw error("--device needs the name of a device, vendor.com/class=name");
    }
    return new Run.Device(name, required);
  }

  private void field(String field) throws BuildfileException {
    int equals = field.indexOf('=');
    String key = (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
    if (key.equals("required")) {
      required = equals < 0 || bool(field.substring(equals + 1));
    } else if (key.equals("name") && equals >= 0) {
      if (!name.isEmpty()) {
        throw error("device name already set to " + name);
      }
      name = field.substring(equals + 1);
    } else if (name.isEmpty()) {
      name = field;
    } else if (equals < 0) {
      throw error("invalid field '" + field + "' must be a key=value pair").at(field);
    } else {
      throw new BuildfileException(
              "unexpected key '" + key + "' in '" + field + "'",
              origin.source(),
              flag.range(),
              Suggestion.hint(key, List.of("name", "required")))
          .at(field);
    }
  }

  private boolean bool(String value) throws BuildfileException {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default -> throw error("invalid value for required: " + value).at(value);
    };
  }

  private BuildfileException error(String problem) {
    return origin.error(problem, flag.range());
  }
}
