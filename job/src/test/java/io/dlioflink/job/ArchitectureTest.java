/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The layers of CONTRIBUTING.md. */
@AnalyzeClasses(packages = "io.dlioflink", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String WORKLOAD = "io.dlioflink.workload..";
  private static final String STORAGE = "io.dlioflink.storage..";
  private static final String FORMAT = "io.dlioflink.format..";
  private static final String SOURCE = "io.dlioflink.source..";
  private static final String SINK = "io.dlioflink.sink..";
  private static final String JOB = "io.dlioflink.job..";

  @ArchTest
  static final ArchRule DEPENDENCIES_POINT_ONE_WAY =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("workload")
          .definedBy(WORKLOAD)
          .layer("storage")
          .definedBy(STORAGE)
          .layer("format")
          .definedBy(FORMAT)
          .layer("source")
          .definedBy(SOURCE)
          .layer("sink")
          .definedBy(SINK)
          .layer("job")
          .definedBy(JOB)
          .whereLayer("job")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("sink")
          .mayOnlyBeAccessedByLayers("job")
          .whereLayer("source")
          .mayOnlyBeAccessedByLayers("job")
          .whereLayer("format")
          .mayOnlyBeAccessedByLayers("source", "sink", "job")
          .whereLayer("storage")
          .mayOnlyBeAccessedByLayers("format", "source", "sink", "job");

  @ArchTest
  static final ArchRule FLINK_STAYS_OUT_OF_WORKLOAD_STORAGE_AND_FORMATS =
      noClasses()
          .that()
          .resideInAnyPackage(WORKLOAD, STORAGE, FORMAT)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.flink..");

  @ArchTest
  static final ArchRule THE_WORKLOAD_KNOWS_NO_IO =
      noClasses()
          .that()
          .resideInAPackage(WORKLOAD)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net..");

  @ArchTest static final ArchRule POSIX_IS_FOUND_NOT_NAMED = isFoundNotNamed("posix");
  @ArchTest static final ArchRule S3_IS_FOUND_NOT_NAMED = isFoundNotNamed("s3");
  @ArchTest static final ArchRule AZURE_IS_FOUND_NOT_NAMED = isFoundNotNamed("azure");
  @ArchTest static final ArchRule GCS_IS_FOUND_NOT_NAMED = isFoundNotNamed("gcs");

  private static ArchRule isFoundNotNamed(String backEnd) {
    String itself = "io.dlioflink.storage." + backEnd + "..";
    return noClasses()
        .that()
        .resideOutsideOfPackage(itself)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(itself);
  }

  @ArchTest
  static final ArchRule HTTP_KNOWS_NO_STORE =
      noClasses()
          .that()
          .resideInAPackage("io.dlioflink.storage.http..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("software.amazon..", "com.azure..", "com.google.cloud..");

  @ArchTest
  static final ArchRule FORMATS_ARE_FOUND_NOT_NAMED =
      noClasses()
          .that()
          .resideInAnyPackage(SOURCE, SINK, JOB)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.dlioflink.format.npy..", "io.dlioflink.format.npz..");

  @ArchTest
  static final ArchRule THE_YAML_PARSER_STAYS_WHERE_FILES_ARE_LOADED =
      classes()
          .that(resideInAPackage("org.yaml.."))
          .should()
          .onlyBeAccessed()
          .byAnyPackage("io.dlioflink.workload.config..", "org.yaml..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule NO_PACKAGE_IS_A_DRAWER =
      noClasses().should().resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..");

  @ArchTest
  static final ArchRule PACKAGES_OF_THE_JOB_FORM_NO_CIRCLE =
      slices().matching("io.dlioflink.job.(*)..").should().beFreeOfCycles();
}
