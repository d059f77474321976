// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// Targets are layers, listed bottom-up. Values to Planner are pure: they may not import anything that
// reaches a host, so "planning has no effects" is checked by the compiler.

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser",
  package: "swift-argument-parser"
)
let asyncHTTPClient = Target.Dependency.product(
  name: "AsyncHTTPClient",
  package: "async-http-client"
)
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "_CryptoExtras", package: "swift-crypto")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let swiftASN1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let tomlKit = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let xmlCoder = Target.Dependency.product(name: "XMLCoder", package: "XMLCoder")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "kubewright",
  products: [.executable(name: "kubewright", targets: ["kubewright"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/CoreOffice/XMLCoder", from: "0.18.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    // Addresses, versions, digests, quoting, diagnostics: parsed once, then typed.
    .target(name: "Values", dependencies: [crypto]),
    // What depends on a Kubernetes version, as data with its source.
    .target(name: "Catalog", dependencies: ["Values"]),
    // The user's cluster.yaml: decoded and validated whole, with positions.
    .target(name: "Spec", dependencies: ["Values", "Catalog", yams]),
    // What a probe found on a host.
    .target(name: "Facts", dependencies: ["Values"]),
    // Authorities, leaves, kubeconfigs, service account and encryption keys.
    .target(
      name: "PKI",
      dependencies: ["Values", "Spec", crypto, cryptoExtras, swiftASN1, x509]
    ),
    // The kinds of thing a host can hold: how each is observed, converged, removed, described.
    .target(name: "Resources", dependencies: ["Values"]),
    // Each part of a cluster as a pure function from its context to resources.
    .target(
      name: "Components",
      dependencies: ["Values", "Spec", "Catalog", "Facts", "PKI", "Resources"]
    ),
    // Desired minus observed: stages, gates, order across hosts, diffs.
    .target(
      name: "Planner",
      dependencies: ["Values", "Spec", "Facts", "Resources", "Components"]
    ),
    // Whom this machine trusts for HTTPS, and why a server's certificate was not taken.
    .target(
      name: "TLS",
      dependencies: ["Values", nioCore, nioPosix, nioSSL, swiftASN1, x509]
    ),
    // Programs (binaries) a cluster needs: listed, fetched, built, cached by content.
    .target(name: "Artifacts", dependencies: ["Values", "Catalog", "TLS", subprocess, system]),
    // Delivers programs to hosts: OpenSSH, this machine.
    .target(name: "Transport", dependencies: ["Values", subprocess, system]),
    // The Kubernetes API and etcd's, over HTTPS with client certificates.
    .target(
      name: "ClusterAPI",
      dependencies: ["Values", "TLS", asyncHTTPClient, nioCore, nioHTTP1, nioSSL]
    ),
    // AWS as far as a node needs it: instance metadata, credentials, signatures, EKS, EC2, STS.
    .target(
      name: "AWS",
      dependencies: [
        "Values", "TLS", asyncHTTPClient, crypto, nioCore, nioHTTP1, nioPosix, nioSSL, subprocess,
        system, xmlCoder,
      ]
    ),
    // Runs a plan over many hosts: lock, journal, deadlines, progress.
    .target(
      name: "Engine",
      dependencies: [
        "Values", "Spec", "Facts", "PKI", "Resources", "Components", "Planner", "Artifacts",
        "Transport", "ClusterAPI", "AWS", "Catalog", system,
      ]
    ),
    // Assertions a person would make, against the running cluster.
    .target(
      name: "Verify",
      dependencies: [
        "Values", "Spec", "Components", "PKI", "TLS", "ClusterAPI", "Engine", nioSSL,
      ]
    ),
    // Machines to try it all on, from a topology file, on one computer.
    .target(name: "Lab", dependencies: ["Values", "Transport", subprocess, system, yams]),
    // The command line: one file a verb.
    .target(
      name: "Commands",
      dependencies: [
        "Values", "Spec", "Catalog", "Facts", "PKI", "Resources", "Components", "Planner",
        "Artifacts", "ClusterAPI", "AWS", "Transport", "Engine", "Verify", "Lab", argumentParser,
      ]
    ),
    .executableTarget(name: "kubewright", dependencies: ["CNameService", "Commands"]),
    // How glibc finds names, which a static program must settle by itself.
    .systemLibrary(name: "CNameService"),
    // What a thousand hosts cost on the operator's side.
    .executableTarget(
      name: "scale",
      dependencies: ["Values", "Spec", "Facts", "PKI", "Resources", "Components", "Planner"],
      path: "benchmarks/Scale"
    ),

    .target(
      name: "TestSupport",
      dependencies: ["Values", "Resources", subprocess, system],
      path: "Tests/TestSupport"
    ),
    .testTarget(name: "ValuesTests", dependencies: ["Values", "TestSupport"]),
    .testTarget(name: "SpecTests", dependencies: ["Values", "Catalog", "Spec", "TestSupport"]),
    .testTarget(name: "CatalogTests", dependencies: ["Values", "Catalog", "TestSupport"]),
    .testTarget(name: "FactsTests", dependencies: ["Values", "Facts", "TestSupport"]),
    .testTarget(
      name: "PKITests",
      dependencies: ["Values", "Spec", "PKI", "TestSupport", x509, subprocess]
    ),
    .testTarget(
      name: "ResourcesTests",
      dependencies: ["Values", "Facts", "Resources", "TestSupport", subprocess, system],
      exclude: ["Goldens"]
    ),
    .testTarget(
      name: "ComponentsTests",
      dependencies: [
        "Values", "Spec", "Catalog", "Facts", "PKI", "Resources", "Components", "AWS",
        "TestSupport", tomlKit,
      ],
      exclude: ["Goldens"]
    ),
    .testTarget(
      name: "PlannerTests",
      dependencies: [
        "Values", "Spec", "Facts", "PKI", "Resources", "Components", "Planner", "TestSupport",
      ]
    ),
    .testTarget(name: "TLSTests", dependencies: ["Values", "TLS", "TestSupport", nioSSL]),
    .testTarget(
      name: "ArtifactsTests",
      dependencies: ["Values", "Catalog", "Artifacts", "TestSupport"]
    ),
    .testTarget(
      name: "TransportTests",
      dependencies: ["Values", "Transport", "TestSupport", subprocess, system]
    ),
    .testTarget(
      name: "ClusterAPITests",
      dependencies: ["Values", "ClusterAPI", "TestSupport", subprocess, system]
    ),
    .testTarget(
      name: "AWSTests",
      dependencies: ["Values", "Facts", "TLS", "AWS", "TestSupport", subprocess, system]
    ),
    .testTarget(
      name: "EngineTests",
      dependencies: [
        "Values", "Spec", "Facts", "PKI", "Resources", "Components", "Planner", "Transport",
        "ClusterAPI", "AWS", "Engine", "TestSupport", subprocess, system,
      ]
    ),
    .testTarget(
      name: "VerifyTests",
      dependencies: ["Values", "Spec", "ClusterAPI", "Verify", "TestSupport"]
    ),
    .testTarget(name: "LabTests", dependencies: ["Values", "Lab", "TestSupport"]),
    .testTarget(
      name: "CommandsTests",
      dependencies: [
        "Values", "Spec", "Facts", "Commands", "TestSupport", "kubewright", subprocess, system,
      ]
    ),
  ]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
  ]
}
