package io.jbuild.builder.lint;

/**
 * All checks. Names and conditions of the first kinds are BuildKit's, so that the directives in
 * existing files mean the same here; those that begin with {@code Cost} are jbuild's own.
 */
public enum Rule {
  STAGE_NAME_CASING(
      "StageNameCasing", Kind.STANDARD, "the name of a stage should be in lower case"),
  FROM_AS_CASING("FromAsCasing", Kind.STANDARD, "AS should be in the case of its FROM"),
  NO_EMPTY_CONTINUATION(
      "NoEmptyContinuation",
      Kind.STANDARD,
      "an instruction that is continued with a backslash should not have empty lines inside"),
  CONSISTENT_INSTRUCTION_CASING(
      "ConsistentInstructionCasing",
      Kind.STANDARD,
      "all instructions of a file should be in the same case: upper or lower"),
  DUPLICATE_STAGE_NAME(
      "DuplicateStageName", Kind.STANDARD, "two stages should not have the same name"),
  RESERVED_STAGE_NAME(
      "ReservedStageName", Kind.STANDARD, "scratch and context should not be names of stages"),
  JSON_ARGS_RECOMMENDED(
      "JSONArgsRecommended", Kind.STANDARD, "CMD and ENTRYPOINT should be written as a JSON array"),
  MAINTAINER_DEPRECATED("MaintainerDeprecated", Kind.STANDARD, "MAINTAINER should be a label"),
  UNDEFINED_ARG_IN_FROM(
      "UndefinedArgInFrom",
      Kind.STANDARD,
      "a variable in FROM should be declared by an ARG before the first FROM"),
  WORKDIR_RELATIVE_PATH(
      "WorkdirRelativePath", Kind.STANDARD, "the first WORKDIR of a stage should be absolute"),
  UNDEFINED_VAR("UndefinedVar", Kind.STANDARD, "a variable should be defined before it is used"),
  MULTIPLE_INSTRUCTIONS_DISALLOWED(
      "MultipleInstructionsDisallowed",
      Kind.STANDARD,
      "a stage should have one CMD, one ENTRYPOINT and one HEALTHCHECK"),
  LEGACY_KEY_VALUE_FORMAT(
      "LegacyKeyValueFormat",
      Kind.STANDARD,
      "ENV and LABEL should have an equals sign between name and value"),
  INVALID_BASE_IMAGE_PLATFORM(
      "InvalidBaseImagePlatform",
      Kind.STANDARD,
      "the base image should be for the platform that the image is built for"),
  REDUNDANT_TARGET_PLATFORM(
      "RedundantTargetPlatform",
      Kind.STANDARD,
      "FROM --platform=$TARGETPLATFORM says what holds anyway"),
  SECRETS_USED_IN_ARG_OR_ENV(
      "SecretsUsedInArgOrEnv", Kind.STANDARD, "secrets should not be in ARG or ENV"),
  INVALID_DEFAULT_ARG_IN_FROM(
      "InvalidDefaultArgInFrom",
      Kind.STANDARD,
      "a FROM with variables should be valid when no build argument is given"),
  FROM_PLATFORM_FLAG_CONST_DISALLOWED(
      "FromPlatformFlagConstDisallowed", Kind.STANDARD, "FROM --platform should not be a constant"),
  COPY_IGNORED_FILE(
      "CopyIgnoredFile", Kind.STANDARD, "COPY and ADD should not name what the ignore file hides"),
  INVALID_DEFINITION_DESCRIPTION(
      "InvalidDefinitionDescription",
      Kind.EXPERIMENTAL,
      "the comment right above ARG, and above a FROM with a name, should begin with the name"),
  EXPOSE_PROTO_CASING(
      "ExposeProtoCasing", Kind.STANDARD, "the protocol in EXPOSE should be in lower case"),
  EXPOSE_INVALID_FORMAT(
      "ExposeInvalidFormat", Kind.STANDARD, "EXPOSE should name ports of the container only"),
  COST_REMOVED_LATER(
      "CostRemovedLater",
      Kind.COST,
      "a step should not remove what an earlier step has put into the image"),
  COST_CACHE_ORDER("CostCacheOrder", Kind.COST, "what rarely changes should come before COPY . ."),
  COST_REWRITTEN_LATER(
      "CostRewrittenLater", Kind.COST, "owner and mode should be given where files are copied");

  /** When a check is made. */
  public enum Kind {
    /** Unless it is skipped. */
    STANDARD,
    /** Where a directive asks for it: {@code experimental=NAME}. */
    EXPERIMENTAL,
    /** Where the caller wants hints: works as written, and is dearer than it need be. */
    COST
  }

  private final String ruleName;
  private final Kind kind;
  private final String summary;

  Rule(String ruleName, Kind kind, String summary) {
    this.ruleName = ruleName;
    this.kind = kind;
    this.summary = summary;
  }

  /** As in {@code # check=skip=NAME}. */
  public String ruleName() {
    return ruleName;
  }

  public Kind kind() {
    return kind;
  }

  /** What it wants, in one line. */
  public String summary() {
    return summary;
  }

  /** The page that explains it, from the root of the sources. */
  public String page() {
    return "docs/checks/" + ruleName + ".md";
  }

  @Override
  public String toString() {
    return ruleName;
  }
}
