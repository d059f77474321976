// SPDX-License-Identifier: Apache-2.0

import Values
import Yams

/// The values that both forms of topology file have.
extension TopologyDocument {
  /// Management networks outside of these lengths are a slip: too small for a lab, or half the world.
  private static let managementPrefixes = 16...29

  mutating func hostName(_ entry: Entry) -> String? {
    guard let text = text(of: entry) else { return nil }
    guard let problem = Names.hostProblem(text) else { return text }
    error(at: entry, problem)
    return nil
  }

  mutating func architecture(_ entry: Entry) -> Architecture? {
    // Debian's word for the 32-bit one is as good as Go's.
    oneOf(
      [("amd64", .amd64), ("386", .x86), ("i386", .x86), ("arm64", .arm64), ("arm", .arm)],
      entry,
      what: "an architecture"
    )
  }

  /// The value that belongs to the entry's word.
  mutating func oneOf<Value>(
    _ values: [(name: String, value: Value)],
    _ entry: Entry,
    what: String
  ) -> Value? {
    guard let text = text(of: entry) else { return nil }
    if let match = values.first(where: { $0.name == text }) { return match.value }
    error(
      at: entry,
      "'\(text)' is not \(what)",
      allowed: values.map(\.name),
      suggestion: NearestSpelling.of(text, among: values.map(\.name))
    )
    return nil
  }

  mutating func release(_ entry: Entry) -> String? {
    value(of: entry, expected: "a release's code name") { Names.isRelease($0) ? $0 : nil }
  }

  mutating func packages(_ entry: Entry) -> [String] {
    items(of: entry).compactMap { item in
      value(of: item, expected: "a package's name") { Names.isPackage($0) ? $0 : nil }
    }
  }

  mutating func memory(_ entry: Entry) -> Int? {
    value(
      of: entry,
      expected: "an amount of memory, 64Mi or more, such as 2Gi",
      parse: MemoryAmount.parse
    )
  }

  mutating func management(_ entry: Entry) -> CIDR? {
    let parsed = value(
      of: entry,
      expected: "an IPv4 network such as \(Topology.standardManagement)"
    ) { CIDR($0) }
    guard let network = parsed else { return nil }
    if let problem = Self.managementProblem(network) {
      error(at: entry, problem.message, allowed: problem.allowed)
      return nil
    }
    return network
  }

  static func managementProblem(_ network: CIDR) -> (message: String, allowed: [String])? {
    managementPrefixes.contains(network.prefix)
      ? nil
      : (
        "a management network of /\(network.prefix) does not fit",
        ["/\(managementPrefixes.lowerBound)", "/\(managementPrefixes.upperBound)"]
      )
  }

  mutating func interfaceAddress(_ text: String, at entry: Entry) -> InterfaceAddress? {
    switch InterfaceAddress.parse(text) {
    case .success(let address): return address
    case .failure(let problem):
      error(at: entry, problem.reason)
      return nil
    }
  }

  /// A mapping's keys with their values, to be copied as they are into a cluster's spec; those that
  /// the lab writes itself are refused.
  mutating func specFields(_ entry: Entry, without written: [String]) -> [SpecField] {
    var fields: [SpecField] = []
    for (key, name, value) in pairs(of: entry) {
      if written.contains(name) {
        error(at: key, "'\(name)' is what the lab writes itself")
      } else if fields.contains(where: { $0.key == name }) {
        error(at: key, "the key '\(name)' is there twice")
      } else if let text = try? Yams.serialize(
        node: Node.mapping(.init([(key.node, value.node)])),
        width: -1,
        sortKeys: false
      ) {
        fields.append(SpecField(key: name, text: text))
      } else {
        error(at: key, "the value of '\(name)' cannot be written again")
      }
    }
    return fields
  }
}
