// SPDX-License-Identifier: Apache-2.0

import Catalog
import Testing
import Values

@testable import Spec

struct ExampleTests {
  static let newest = Catalog.standard.newest

  @Test func theUsualExampleComesFirst() {
    #expect(SpecExample.names.first == "three-hosts")
    #expect(SpecExample.names.contains("single-host"))
    #expect(SpecExample.text(named: "no such", newest: Self.newest) == nil)
  }

  @Test(arguments: SpecExample.names)
  func isValidWithoutAWord(name: String) throws {
    let text = try #require(SpecExample.text(named: name, newest: Self.newest))
    let result = SpecReader.read(text: text, file: "cluster.yaml")
    #expect(result.diagnostics.map(\.description) == [])
    #expect(result.spec?.kubernetes.version == Self.newest)
  }

  @Test(arguments: SpecExample.names, Catalog.standard.minors)
  func isValidForEveryMinor(name: String, minor: Minor) throws {
    let version = KubernetesVersion(minor.major, minor.minor, 0)
    let text = try #require(SpecExample.text(named: name, newest: version))
    #expect(SpecReader.read(text: text, file: "c").diagnostics == [])
  }

  /// What a user does: removes the `#` of every line that shows a key.
  @Test(arguments: SpecExample.names)
  func everyKeyItShowsIsValid(name: String) throws {
    let text = try #require(SpecExample.text(named: name, newest: Self.newest))
    var shown = 0
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let content = line.drop { $0 == " " }
      guard content.hasPrefix("#"), !content.hasPrefix("# ") else { return String(line) }
      shown += 1
      return String(line.prefix(line.count - content.count)) + content.dropFirst()
    }
    #expect(shown > 10)
    let result = SpecReader.read(text: lines.joined(separator: "\n"), file: "cluster.yaml")
    #expect(result.diagnostics.map(\.description) == [])
    #expect(result.spec?.hosts.first?.taints.isEmpty == false)
  }

  @Test(arguments: SpecExample.names)
  func staysWithinALine(name: String) throws {
    let text = try #require(SpecExample.text(named: name, newest: Self.newest))
    #expect(text.split(separator: "\n").filter { $0.count > 110 } == [])
    #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
  }

  @Test func theUsualExampleIsHighlyAvailable() throws {
    let text = try #require(SpecExample.text(named: "three-hosts", newest: Self.newest))
    let spec = try #require(SpecReader.read(text: text, file: "c").spec)
    #expect(spec.hosts(with: .etcd).count == 3)
    #expect(spec.hosts(with: .controlPlane).count == 3)
    #expect(spec.hosts.allSatisfy { $0.ssh != nil })
  }
}
