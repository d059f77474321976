// SPDX-License-Identifier: Apache-2.0

package import Values

extension Topology {
  /// Reads a topology file whole: all that is wrong comes back at once, in the order of the file.
  ///
  /// The topology is nil where there is an error. Of the two forms of file, docker-topo's and our own,
  /// the one is told by its key `VERSION`; `files` has the configurations that it names.
  package static func read(
    text: String,
    file: String,
    files: TopologyFiles = .onDisk
  ) -> (Topology?, [Diagnostic]) {
    var document = TopologyDocument(file: file)
    guard let root = document.parse(text) else { return (nil, document.diagnostics) }
    let topology: Topology?
    if DockerTopologyReader.isForm(of: root) {
      var reader = DockerTopologyReader(document: document, files: files)
      topology = reader.read(root)
      document = reader.document
    } else {
      var reader = TopologyReader(document: document)
      topology = reader.read(root)
      document = reader.document
    }
    let diagnostics = document.diagnostics.enumerated().sorted {
      ($0.element.position, $0.offset) < ($1.element.position, $1.offset)
    }.map(\.element)
    return (diagnostics.contains { $0.severity == .error } ? nil : topology, diagnostics)
  }
}

/// Reads the topology form of our own: `kind: Topology`.
struct TopologyReader {
  private typealias Entry = TopologyDocument.Entry

  /// Where addresses that the file leaves out start in the management network.
  private static let firstOffset: UInt32 = 11

  var document: TopologyDocument
  private var rules = TopologyRules()

  init(document: TopologyDocument) {
    self.document = document
  }

  mutating func read(_ root: TopologyDocument.Entry) -> Topology? {
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
      name = metadata["name"].flatMap { document.hostName($0) } ?? ""
    }
    guard let spec = fields["spec"] else { return nil }
    let parts = document.fields(
      of: spec,
      known: ["userland", "management", "hosts", "links"],
      required: ["hosts"]
    )
    let userland = parts["userland"].map { self.userland($0) } ?? Userland()
    let management =
      parts["management"].flatMap { document.management($0) } ?? Topology.standardManagement
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

  private mutating func userland(_ entry: Entry) -> Userland {
    let fields = document.fields(of: entry, known: ["distribution", "release", "arch", "packages"])
    var userland = Userland()
    if let entry = fields["distribution"] {
      expect(entry, toBe: Userland.Distribution.debian.rawValue)
    }
    if let entry = fields["release"] {
      userland.release = document.release(entry) ?? userland.release
    }
    if let entry = fields["arch"] {
      userland.architecture = document.architecture(entry) ?? userland.architecture
    }
    if let entry = fields["packages"] { userland.packages = document.packages(entry) }
    return userland
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
        known: ["name", "address", "memory", "arch", "packages"],
        required: ["name"]
      )
      guard let nameEntry = fields["name"], let name = document.hostName(nameEntry) else {
        continue
      }
      if let problem = rules.claim(machine: name) { document.error(at: nameEntry, problem) }
      var machine = Machine(name: name, address: management.base, userland: userland)
      if let entry = fields["arch"], let parsed = document.architecture(entry) {
        machine.userland.architecture = parsed
      }
      if let entry = fields["packages"] {
        // On top of those that all hosts have, which the list of the userland replaces.
        machine.userland.packages += document.packages(entry)
      }
      if let entry = fields["memory"] {
        machine.memory = document.memory(entry)
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
      guard let address = document.interfaceAddress(parts[2], at: entry) else { return nil }
      if let problem = rules.claim(address, on: "\(machine):\(interface)", management) {
        document.error(at: entry, problem)
      }
      end.address = address
    }
    return end
  }
}
