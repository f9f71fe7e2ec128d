package io.jbuild.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may import whom: the drawing in docs/architecture.md, as a test. */
class ArchitectureTest {
  private static final String OURS = "io.jbuild.";

  /** Each module with all modules that it may use; the lines from top to bottom are the layers. */
  private static final Map<String, List<String>> MAY_USE =
      Map.of(
          "oci", List.of(),
          "linux", List.of(),
          "isolation", List.of("oci", "linux"),
          "overlay", List.of("oci", "linux"),
          "layers", List.of("oci", "linux"),
          "registry", List.of("oci", "linux"),
          "builder", List.of("oci", "linux", "isolation", "overlay", "layers", "registry"),
          "cli", List.of("oci", "linux", "isolation", "overlay", "layers", "registry", "builder"));

  private static JavaClasses product;

  @BeforeAll
  static void readClasses() {
    product =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.jbuild");
  }

  @Test
  void everyModule_isSeenByThisTest() {
    for (String module : MAY_USE.keySet()) {
      assertFalse(
          product.that(inModule(module)).isEmpty(), () -> "no class of " + module + " was read");
    }
  }

  @Test
  void modules_importOnlyWhatIsBelowThem() {
    MAY_USE.forEach(
        (module, below) -> {
          String[] forbidden =
              MAY_USE.keySet().stream()
                  .filter(other -> !other.equals(module) && !below.contains(other))
                  .map(other -> OURS + other + "..")
                  .toArray(String[]::new);
          if (forbidden.length > 0) {
            noClasses()
                .that()
                .resideInAPackage(OURS + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .check(product);
          }
        });
  }

  @Test
  void packages_haveNoCycle() {
    slices().matching("io.jbuild.(**)").should().beFreeOfCycles().check(product);
  }

  @Test
  void libraries_areUsedOnlyWhereTheyBelong() {
    onlyIn("jnr..", "linux");
    onlyIn("com.kenai.jffi..", "linux");
    onlyIn("picocli..", "cli");
    onlyIn("org.apache.commons.compress..", "layers");
    onlyIn("com.github.luben.zstd..", "layers");
    onlyIn("com.fasterxml.jackson..", "oci", "cli");
    onlyIn("org.snakeyaml..", "oci");
    onlyIn("org.bouncycastle..", "oci");
  }

  @Test
  void aViolation_isFound() {
    assertThrows(AssertionError.class, () -> onlyIn("java.util..", "oci"));
  }

  /**
   * Two waits have nothing to be woken by: the pause that a registry asked for, and the kernel's
   * removal of a control group of version 1.
   */
  private static final Set<String> MAY_SLEEP =
      Set.of("io.jbuild.registry.RegistryClock$1", "io.jbuild.isolation.cgroup.GroupFiles");

  @Test
  void sleepIsNeverSynchronisation() {
    noClasses()
        .that()
        .resideInAPackage("io.jbuild..")
        .and(DescribedPredicate.describe("wait", type -> !MAY_SLEEP.contains(type.getName())))
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .check(product);
  }

  @Test
  void nothingDeserialisesOrEvaluates() {
    noClasses()
        .that()
        .resideInAPackage("io.jbuild..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("javax.naming..", "javax.script..")
        .check(product);
  }

  private static void onlyIn(String library, String... modules) {
    String[] packages = new String[modules.length];
    for (int i = 0; i < modules.length; i++) {
      packages[i] = OURS + modules[i] + "..";
    }
    classes()
        .that()
        .resideInAPackage("io.jbuild..")
        .and()
        .resideOutsideOfPackages(packages)
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackage(library)
        .check(product);
  }

  private static DescribedPredicate<JavaClass> inModule(String module) {
    return JavaClass.Predicates.resideInAPackage(OURS + module + "..");
  }
}
