// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Spec

struct RuntimeSpecTests {
  /// The fixture of the given release with a runtime for host b.
  private static func read(_ runtime: String, version: String = "v1.30.4") -> SpecResult {
    SpecFixture.read(
      SpecFixture.text.replacing("v1.30.4", with: version).replacing(
        "roles: [worker]\n",
        with: "roles: [worker]\n      runtime: \(runtime)\n"
      )
    )
  }

  static let key =
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\\n\\nbm8=\\n-----END PGP PUBLIC KEY BLOCK-----"

  @Test func everyKeyReachesItsPlace() throws {
    let result = Self.read(
      """
      {engine: crio, version: 1.20, crio: {source: repository, repository: {\
      url: "https://m.example/$basearch/", key: "\(Self.key)"}, packages: [cri-o, cri-tools], \
      storageDriver: vfs, registries: [quay.io, "r.example:5000/x"]}, handlers: [{name: untrusted, type: custom, runtime: /usr/bin/own, \
      configuration: /etc/own.toml, packages: [own], overhead: {cpu: 250m, memory: 1.5Gi}, kernel: host}]}
      """,
      version: "v1.20.2"
    )
    #expect(result.diagnostics.map(\.description) == [])
    let expected = RuntimeSpec(
      engine: .crio,
      version: Minor(1, 20),
      crio: CRIOSpec(
        source: .repository,
        repository: RepositorySpec(
          url: "https://m.example/$basearch/",
          key: Self.key.replacing("\\n", with: "\n") + "\n"
        ),
        packages: ["cri-o", "cri-tools"],
        storageDriver: .vfs,
        registries: ["quay.io", "r.example:5000/x"]
      ),
      handlers: [
        HandlerSpec(
          name: "untrusted",
          type: .custom,
          runtime: "/usr/bin/own",
          configuration: "/etc/own.toml",
          packages: ["own"],
          overhead: OverheadSpec(cpu: "250m", memory: "1.5Gi"),
          kernel: .host
        )
      ]
    )
    #expect(result.spec?.hosts.last?.runtime == expected)
    // What is written back reads the same.
    let spec = try #require(result.spec)
    let again = SpecFixture.read(ExampleWriter.plainText(of: spec))
    #expect(again.spec == spec)
  }

  @Test(arguments: ["1.20", "v1.20", "\"1.20\""])
  func aMinorMayLookLikeANumber(_ text: String) {
    let result = Self.read(
      "{engine: crio, version: \(text), crio: {source: host}}",
      version: "v1.20.2"
    )
    #expect(result.spec?.hosts.last?.runtime.version == Minor(1, 20))
    #expect(result.diagnostics.isEmpty)
  }

  @Test(arguments: [
    ("{engine: cri-o}", "v1.30.4", "did you mean 'crio'?"),
    ("{engine: crio, version: 1.9, crio: {source: host}}", "v1.30.4", "outside of 1.11 to 1.36"),
    ("{engine: crio, version: 1.20.9}", "v1.30.4", "is not a minor version"),
    ("{engine: containerd, crio: {storageDriver: vfs}}", "v1.30.4", "crio: is CRI-O's"),
    ("{engine: crio}", "v1.20.2", "has no repository of CRI-O 1.20, only from 1.28 on"),
    (
      "{engine: crio, crio: {repository: {url: ftp://x}}}", "v1.30.4",
      "is not an http, https or file URL"
    ),
    ("{engine: crio, crio: {repository: {url: \"https://u:p@x/\"}}}", "v1.30.4", "password"),
    (
      "{engine: crio, crio: {repository: {key: abc}}}", "v1.30.4",
      "is not a public key in ASCII armour"
    ),
    (
      "{engine: crio, crio: {repository: {key: \"-----BEGIN PGP PUBLIC KEY BLOCK-----\\nbm8=\"}}}",
      "v1.30.4", "is cut short"
    ),
    (
      "{engine: crio, crio: {repository: {key: \"-----BEGIN PGP PRIVATE KEY BLOCK-----\"}}}",
      "v1.30.4",
      "is a private key"
    ),
    ("{engine: crio, crio: {packages: []}}", "v1.30.4", "at least 1"),
    ("{engine: crio, crio: {packages: [\"-x\"]}}", "v1.30.4", "is not a package's name"),
    (
      "{engine: crio, crio: {registries: [\"https://x\"]}}", "v1.30.4",
      "is a URL: give only the host"
    ),
    ("{handlers: [{name: runc, type: kata}]}", "v1.30.4", "runc is the engine's own handler"),
    ("{handlers: [{name: a, type: kata}, {name: a, type: kata}]}", "v1.30.4", "stands here twice"),
    ("{handlers: [{name: a, type: custom}]}", "v1.30.4", "needs the path of a program"),
    ("{handlers: [{name: a, type: custom, runtime: own}]}", "v1.30.4", "is not an absolute path"),
    ("{handlers: [{name: a, type: kata, kernel: host}]}", "v1.30.4", "have a kernel of their own"),
    (
      "{handlers: [{name: a, type: custom, runtime: /a, kernel: shared}]}", "v1.30.4",
      "not whose kernel it is"
    ),
    ("{handlers: [{name: a, type: clear-containers}]}", "v1.30.4", "CRI-O only: use kata"),
    (
      "{engine: crio, crio: {source: host}, handlers: [{name: a, type: clear-containers}]}",
      "v1.17.0",
      "CRI-O up to 1.16, not 1.17: use kata"
    ),
    ("{handlers: [{name: a, type: kata}]}", "v1.13.0", "1.13 has no RuntimeClass"),
    (
      "{engine: crio, version: 1.11, crio: {source: host}, handlers: [{name: a, type: kata}]}",
      "v1.14.0",
      "CRI-O 1.11 has one handler"
    ),
    ("{handlers: [{name: a, type: kata, overhead: {cpu: much}}]}", "v1.30.4", "not a quantity"),
  ])
  func faultsAreNamed(_ runtime: String, _ version: String, _ says: String) throws {
    let result = Self.read(runtime, version: version)
    let errors = result.diagnostics.filter { $0.severity == .error }.map(\.description)
    #expect(errors.count == 1)
    #expect(errors.first?.contains(says) == true, "\(errors)")
  }

  @Test func anotherMinorThanThatOfKubernetesIsWarnedOf() {
    let result = Self.read("{engine: crio, version: 1.29}")
    #expect(result.spec != nil)
    #expect(result.diagnostics.map(\.severity) == [.warning])
  }

  @Test func handlersOfOneNameCostTheSame() {
    let one = "runtime: {handlers: [{name: x, type: kata}]}"
    let two = "runtime: {handlers: [{name: x, type: kata, overhead: {cpu: 1m}}]}"
    let text = SpecFixture.text
      .replacing("control-plane, worker]\n", with: "control-plane, worker]\n      \(one)\n")
      .replacing("roles: [worker]\n", with: "roles: [worker]\n      \(two)\n")
    let result = SpecFixture.read(text)
    #expect(result.diagnostics.count == 1)
    #expect(result.diagnostics.first?.description.contains("share a RuntimeClass") == true)
  }
}
