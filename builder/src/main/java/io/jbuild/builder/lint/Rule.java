package io.jbuild.builder.lint;

/**
 * All checks. Names and conditions of the first kinds are BuildKit's, so that the directives in
 * existing files mean the same here; those that begin with {@code Cost} are jbuild's own.
 */
public enum Rule {
  STAGE_NAME_CASING("StageNameCasing", Kind.STANDARD),
  FROM_AS_CASING("FromAsCasing", Kind.STANDARD),
  NO_EMPTY_CONTINUATION("NoEmptyContinuation", Kind.STANDARD),
  CONSISTENT_INSTRUCTION_CASING("ConsistentInstructionCasing", Kind.STANDARD),
  DUPLICATE_STAGE_NAME("DuplicateStageName", Kind.STANDARD),
  RESERVED_STAGE_NAME("ReservedStageName", Kind.STANDARD),
  JSON_ARGS_RECOMMENDED("JSONArgsRecommended", Kind.STANDARD),
  MAINTAINER_DEPRECATED("MaintainerDeprecated", Kind.STANDARD),
  UNDEFINED_ARG_IN_FROM("UndefinedArgInFrom", Kind.STANDARD),
  WORKDIR_RELATIVE_PATH("WorkdirRelativePath", Kind.STANDARD),
  UNDEFINED_VAR("UndefinedVar", Kind.STANDARD),
  MULTIPLE_INSTRUCTIONS_DISALLOWED("MultipleInstructionsDisallowed", Kind.STANDARD),
  LEGACY_KEY_VALUE_FORMAT("LegacyKeyValueFormat", Kind.STANDARD),
  INVALID_BASE_IMAGE_PLATFORM("InvalidBaseImagePlatform", Kind.STANDARD),
  REDUNDANT_TARGET_PLATFORM("RedundantTargetPlatform", Kind.STANDARD),
  SECRETS_USED_IN_ARG_OR_ENV("SecretsUsedInArgOrEnv", Kind.STANDARD),
  INVALID_DEFAULT_ARG_IN_FROM("InvalidDefaultArgInFrom", Kind.STANDARD),
  FROM_PLATFORM_FLAG_CONST_DISALLOWED("FromPlatformFlagConstDisallowed", Kind.STANDARD),
  COPY_IGNORED_FILE("CopyIgnoredFile", Kind.STANDARD),
  INVALID_DEFINITION_DESCRIPTION("InvalidDefinitionDescription", Kind.EXPERIMENTAL),
  EXPOSE_PROTO_CASING("ExposeProtoCasing", Kind.STANDARD),
  EXPOSE_INVALID_FORMAT("ExposeInvalidFormat", Kind.STANDARD),
  COST_REMOVED_LATER("CostRemovedLater", Kind.COST),
  COST_CACHE_ORDER("CostCacheOrder", Kind.COST),
  COST_REWRITTEN_LATER("CostRewrittenLater", Kind.COST);

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

  Rule(String ruleName, Kind kind) {
    this.ruleName = ruleName;
    this.kind = kind;
  }

  /** As in {@code # check=skip=NAME}. */
  public String ruleName() {
    return ruleName;
  }

  public Kind kind() {
    return kind;
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
