// SPDX-License-Identifier: Apache-2.0

/// The keys under `spec.hosts[…].runtime` beside the engine.
enum RuntimeModel {
  static let fields: [Field<HostSpec>] = [
    .optional(
      "version",
      \.runtime.version,
      .minorVersion,
      absent: "the minor of Kubernetes",
      "The minor of CRI-O."
    ),
    .optional(
      "crio",
      \.runtime.crio,
      .record(start: CRIOSpec(), crio),
      absent: "the defaults of its keys",
      "How CRI-O comes to the host, and what it is told."
    ),
    handlers,
  ]

  private static let crio: [Field<CRIOSpec>] = [
    .defaulted("source", \.source, .crioSource, "Who brings CRI-O to the host."),
    .group(
      "repository",
      "The packages' repository, where `source` is repository.",
      [
        .optional(
          "url",
          \.repository.url,
          .repositoryURL,
          absent: "the CRI-O project's own, which begins with CRI-O 1.28",
          "Where the packages lie; yum and dnf fill in `$basearch`."
        ),
        .optional(
          "key",
          \.repository.key,
          .publicKey,
          absent: "the key that the project shows beside its packages; apt needs one here",
          "The public key that signs them."
        ),
      ]
    ),
    .defaulted(
      "packages",
      \.packages,
      .list(of: .packageName, minimum: 1, identity: { $0 }),
      "The packages of CRI-O."
    ),
    .defaulted(
      "storageDriver",
      \.storageDriver,
      .storageDriver,
      "How images and containers are laid out."
    ),
    .defaulted(
      "registries",
      \.registries,
      .list(of: .registry, identity: { $0 }),
      "Where images are looked for whose name has no registry, in this order."
    ),
  ]

  private static let handlers: Field<HostSpec> = .defaulted(
    "handlers",
    \.runtime.handlers,
    .list(of: .record(start: HandlerSpec(name: "", type: .kata), handler), identity: \.name),
    "Further ways to run pods, each with a RuntimeClass of its name."
  )

  private static let handler: [Field<HandlerSpec>] = [
    .required("name", \.name, .handlerName, "What pods name as their runtimeClassName."),
    .required("type", \.type, .handlerType, "What kind of runtime it is."),
    .optional(
      "runtime",
      \.runtime,
      .hostPath(example: "/usr/bin/containerd-shim-kata-v2"),
      absent: "where the type's packages put it",
      "The program that runs the pods."
    ),
    .optional(
      "configuration",
      \.configuration,
      .hostPath(example: "/etc/kata-containers/configuration.toml"),
      absent: "the program finds it by itself",
      "The program's own configuration file on the host."
    ),
    .defaulted(
      "packages",
      \.packages,
      .list(of: .packageName, identity: { $0 }),
      "Packages to install for it."
    ),
    .optional(
      "overhead",
      \.overhead,
      .record(start: OverheadSpec(), overhead),
      absent: "the type's usual cost: 250m and 160Mi for kata and clear-containers",
      "What each pod costs on top of its containers."
    ),
    .defaulted(
      "kernel",
      \.kernel,
      .handlerKernel,
      "Whose kernel its pods run on; `verify` compares it with the host's."
    ),
  ]

  private static let overhead: [Field<OverheadSpec>] = [
    .optional("cpu", \.cpu, .quantity(example: "250m"), absent: "nothing", "CPU."),
    .optional("memory", \.memory, .quantity(example: "160Mi"), absent: "nothing", "Memory."),
  ]
}
