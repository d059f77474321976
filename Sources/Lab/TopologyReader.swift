// SPDX-License-Identifier: Apache-2.0

package import Values

extension Topology {
  /// Reads a topology file whole: all that is wrong comes back at once, in the order of the file.
  ///
  /// The topology is nil where there is an error.
  package static func read(text: String, file: String) -> (Topology?, [Diagnostic]) {
    var reader = TopologyReader(file: file)
    let topology = reader.read(text)
    let diagnostics = reader.document.diagnostics.enumerated().sorted {
      ($0.element.position, $0.offset) < ($1.element.position, $1.offset)
    }.map(\.element)
    return (diagnostics.contains { $0.severity == .error } ? nil : topology, diagnostics)
  }
}

/// Reads the topology form of our own: `kind: Topology`.
struct TopologyReader {
  private typealias Entry = TopologyDocument.Entry

  /// Management networks outside of these lengths are a slip: too small for a lab, or half the world.
  private static let managementPrefixes = 16...29
  /// Where addresses that the file leaves out start in the management network.
  private static let firstOffset: UInt32 = 11

  var document: TopologyDocument
  private var rules = TopologyRules()

  init(file: String) {
    document = TopologyDocument(file: file)
  }

  mutating func read(_ text: String) -> Topology? {
    guard let root = document.parse(text) else { return nil }
    let fields = document.fields(
      of: root,
      known: ["apiVersion", "kind", "metadata", "spec"],
      required: ["apiVersion", "kind", "metadata", "spec"]
    )
    expect(fields["apiVersion"], toBe: "kubewright/v1alpha1")
    expect(fields["kind"], toBe: "Topology")
    var name = ""
    if let metadata = fields["metadata"] {
      let metadata = document.fields(of: metadata, known: ["name"], required: ["name"])
      name = metadata["name"].flatMap { hostName($0) } ?? ""
    }
    guard let spec = fields["spec"] else { return nil }
    let parts = document.fields(
      of: spec,
      known: ["userland", "management", "hosts", "links"],
      required: ["hosts"]
    )
    let userland = parts["userland"].map { self.userland($0) } ?? Userland()
    let management = self.management(parts["management"])
    let machines = parts["hosts"].map { self.machines($0, userland, management) } ?? []
    let links = parts["links"].map { self.links($0, machines, management) } ?? []
    return Topology(name: name, management: management, machines: machines, links: links)
  }

  private mutating func expect(_ entry: Entry?, toBe word: String) {
    guard let entry, let text = document.text(of: entry), text != word else { return }
    document.error(
      at: entry,
      "'\(text)' is not supported",
      allowed: [word],
      suggestion: NearestSpelling.of(text, among: [word])
    )
  }

  private mutating func hostName(_ entry: Entry) -> String? {
    guard let text = document.text(of: entry) else { return nil }
    guard let problem = Names.hostProblem(text) else { return text }
    document.error(at: entry, problem)
    return nil
  }

  private mutating func userland(_ entry: Entry) -> Userland {
    let fields = document.fields(of: entry, known: ["distribution", "release", "arch", "packages"])
    var userland = Userland()
    if let entry = fields["distribution"] {
      expect(entry, toBe: Userland.Distribution.debian.rawValue)
    }
    if let entry = fields["release"] {
      let parsed = document.value(of: entry, expected: "a release's code name") {
        Names.isRelease($0) ? $0 : nil
      }
      userland.release = parsed ?? userland.release
    }
    if let entry = fields["arch"] {
      userland.architecture = architecture(entry) ?? userland.architecture
    }
    if let entry = fields["packages"] {
      var packages: [String] = []
      for item in document.items(of: entry) {
        let parsed = document.value(of: item, expected: "a package's name") {
          Names.isPackage($0) ? $0 : nil
        }
        if let parsed { packages.append(parsed) }
      }
      userland.packages = packages
    }
    return userland
  }

  private mutating func architecture(_ entry: Entry) -> Architecture? {
    // Debian's word for the 32-bit one is as good as Go's.
    let names: [(String, Architecture)] = [
      ("amd64", .amd64), ("386", .x86), ("i386", .x86), ("arm64", .arm64), ("arm", .arm),
    ]
    guard let text = document.text(of: entry) else { return nil }
    if let match = names.first(where: { $0.0 == text }) { return match.1 }
    document.error(
      at: entry,
      "'\(text)' is not an architecture",
      allowed: names.map(\.0),
      suggestion: NearestSpelling.of(text, among: names.map(\.0))
    )
    return nil
  }

  private mutating func management(_ entry: Entry?) -> CIDR {
    let standard = CIDR(base: IPv4Address(raw: 0xAC1E_4D00), prefix: 24)
    guard let entry else { return standard }
    let parsed = document.value(of: entry, expected: "an IPv4 network such as \(standard)") {
      CIDR($0)
    }
    guard let network = parsed else { return standard }
    guard Self.managementPrefixes.contains(network.prefix) else {
      document.error(
        at: entry,
        "a management network of /\(network.prefix) does not fit",
        allowed: [
          "/\(Self.managementPrefixes.lowerBound)", "/\(Self.managementPrefixes.upperBound)",
        ]
      )
      return standard
    }
    return network
  }

  private mutating func machines(
    _ entry: Entry,
    _ userland: Userland,
    _ management: CIDR
  ) -> [Machine] {
    var machines: [Machine] = []
    var withoutAddress: [(index: Int, entry: Entry)] = []
    let items = document.items(of: entry)
    if items.isEmpty, entry.isList {
      document.error(at: entry, "a lab needs at least one host")
    }
    for item in items {
      let fields = document.fields(
        of: item,
        known: ["name", "address", "memory", "arch"],
        required: ["name"]
      )
      guard let nameEntry = fields["name"], let name = hostName(nameEntry) else { continue }
      if let problem = rules.claim(machine: name) { document.error(at: nameEntry, problem) }
      var machine = Machine(name: name, address: management.base, userland: userland)
      if let entry = fields["arch"], let parsed = architecture(entry) {
        machine.userland.architecture = parsed
      }
      if let entry = fields["memory"] {
        machine.memory = document.value(
          of: entry,
          expected: "an amount of memory, 64Mi or more, such as 2Gi",
          parse: MemoryAmount.parse
        )
      }
      if let entry = fields["address"] {
        let parsed = document.value(of: entry, expected: "an IPv4 address") { IPv4Address($0) }
        if let address = parsed {
          machine.address = address
          if let problem = rules.claim(address, of: name, in: management) {
            document.error(at: entry, problem)
          }
        }
      } else {
        withoutAddress.append((machines.count, item))
      }
      machines.append(machine)
    }
    for (index, item) in withoutAddress {
      let free = rules.freeAddress(
        in: management,
        from: Self.firstOffset,
        for: machines[index].name
      )
      guard let free else {
        document.error(at: item, "the management network \(management) has no address left")
        continue
      }
      machines[index].address = free
    }
    return machines
  }

  private mutating func links(
    _ entry: Entry,
    _ machines: [Machine],
    _ management: CIDR
  ) -> [Link] {
    var links: [Link] = []
    for item in document.items(of: entry) {
      let fields = document.fields(of: item, known: ["endpoints"], required: ["endpoints"])
      guard let list = fields["endpoints"] else { continue }
      let entries = document.items(of: list)
      if entries.count != 2, list.isList {
        document.error(at: list, "a link has two endpoints; this one has \(entries.count)")
      }
      let ends = entries.compactMap { entry in
        linkEnd(entry, machines.map(\.name), management).map { (entry, $0) }
      }
      guard entries.count == 2, ends.count == 2 else { continue }
      let link = Link(ends[0].1, ends[1].1)
      if let problem = TopologyRules.problem(of: link) { document.error(at: ends[1].0, problem) }
      links.append(link)
    }
    return links
  }

  /// `HOST:INTERFACE[:ADDRESS/LENGTH]`.
  private mutating func linkEnd(
    _ entry: Entry,
    _ machines: [String],
    _ management: CIDR
  ) -> LinkEnd? {
    guard let text = document.text(of: entry) else { return nil }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count) else {
      document.error(
        at: entry,
        "'\(text)' is not an endpoint: HOST:INTERFACE or HOST:INTERFACE:ADDRESS/LENGTH"
      )
      return nil
    }
    let (machine, interface) = (parts[0], parts[1])
    guard machines.contains(machine) else {
      document.error(
        at: entry,
        "there is no host '\(machine)'",
        suggestion: NearestSpelling.of(machine, among: machines)
      )
      return nil
    }
    if let problem = Names.interfaceProblem(interface) {
      document.error(at: entry, problem)
      return nil
    }
    var end = LinkEnd(machine: machine, interface: interface)
    if let problem = rules.claim(interface: interface, of: machine) {
      document.error(at: entry, problem)
    }
    if parts.count == 3 {
      guard let address = InterfaceAddress(parts[2]) else {
        document.error(at: entry, "'\(parts[2])' is not an interface's address such as 10.0.0.0/31")
        return nil
      }
      if let problem = rules.claim(address, on: "\(machine):\(interface)", management) {
        document.error(at: entry, problem)
      }
      end.address = address
    }
    return end
  }
}
