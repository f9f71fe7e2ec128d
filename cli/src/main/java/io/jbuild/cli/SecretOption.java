package io.jbuild.cli;

import io.jbuild.builder.SecretSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.TypeConversionException;

/** The value of {@code --secret}: {@code id=…[,src=FILE|,env=NAME][,type=file|env]}. */
record SecretOption(String id, SecretSource source) {
  private static final Set<String> KEYS = Set.of("id", "src", "source", "env", "type");

  static SecretOption parse(String text, Map<String, String> environment) {
    Map<String, String> fields = Values.fields("--secret", text);
    for (String key : fields.keySet()) {
      if (!KEYS.contains(key)) {
        throw new TypeConversionException("--secret has no field '" + key + "'");
      }
    }
    String id = fields.getOrDefault("id", "");
    if (id.isEmpty()) {
      throw new TypeConversionException("--secret needs id=NAME");
    }
    String type = fields.getOrDefault("type", "");
    if (!Set.of("", "file", "env").contains(type)) {
      throw new TypeConversionException("--secret type is file or env, not '" + type + "'");
    }
    String file = fields.getOrDefault("src", fields.getOrDefault("source", ""));
    String variable = fields.getOrDefault("env", "");
    if (type.equals("env") && variable.isEmpty()) {
      // as docker has it: with type=env, src names the variable
      variable = file.isEmpty() ? id : file;
    }
    if (!variable.isEmpty()) {
      return new SecretOption(id, fromEnvironment(variable, environment));
    }
    if (file.isEmpty() && type.isEmpty() && environment.containsKey(id)) {
      return new SecretOption(id, fromEnvironment(id, environment));
    }
    return new SecretOption(
        id, new SecretSource.OfFile(Values.path("--secret", file.isEmpty() ? id : file)));
  }

  /** Told at once, and not only when a step that wants it is reached. */
  SecretOption present() {
    if (source instanceof SecretSource.OfFile file
        && (Files.notExists(file.path()) || Files.isDirectory(file.path()))) {
      throw new TypeConversionException("--secret: there is no file '" + file.path() + "'");
    }
    return this;
  }

  private static SecretSource fromEnvironment(String variable, Map<String, String> environment) {
    String value = environment.get(variable);
    if (value == null) {
      throw new TypeConversionException(
          "--secret: the environment variable " + variable + " is not set");
    }
    return new SecretSource.OfBytes(value.getBytes(StandardCharsets.UTF_8));
  }
}
