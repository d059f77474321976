// SPDX-License-Identifier: Apache-2.0

import Values
import Yams

/// Reads topology files of docker-topo's version 2, with a block `kubewright` of our own for what they
/// cannot say.
///
/// A device is a machine as soon as a link names it; its configuration is the file `PREFIX_NAME` or
/// `NAME` in `CONF_DIR`.
struct DockerTopologyReader {
  typealias Entry = TopologyDocument.Entry

  enum Driver {
    case veth
    case bridge
  }

  struct Device {
    /// As the file spells it first.
    var spelling: String
    /// In lower case, as host names are.
    var name: String
    /// Where it is named first.
    var entry: Entry
    var settings = MachineSettings()
    var configuration = SwitchConfiguration()
  }

  struct End {
    var entry: Entry
    var device: String
    var interface: String
    var address: InterfaceAddress?
  }

  struct Cabling {
    var entry: Entry
    var ends: [End]
    var isManagement: Bool
  }

  /// docker-topo's own settings for what a lab of machines does not have.
  private static let meaningless = [
    "CEOS_IMAGE", "CUSTOM_IMAGE", "OOB_PREFIX", "PUBLISH_BASE",
  ]

  /// Devices that docker-topo knows by a part of their names, and that nothing here can stand in for.
  private static let foreign = ["csr", "cvp", "vmx", "xrv"]

  var document: TopologyDocument
  let files: TopologyFiles
  var rules = TopologyRules()
  /// In the order in which links name them.
  var devices: [Device] = []

  init(document: TopologyDocument, files: TopologyFiles) {
    self.document = document
    self.files = files
  }

  /// Whether a document is of this form rather than of our own.
  static func isForm(of root: Entry) -> Bool {
    guard case .mapping(let mapping) = root.node else { return false }
    let keys = mapping.keys.compactMap(\.string)
    return keys.contains("VERSION") || (keys.contains("links") && !keys.contains("spec"))
  }

  mutating func read(_ root: Entry) -> Topology? {
    let fields = document.fields(
      of: root,
      known: ["VERSION", "CONF_DIR", "PREFIX", "driver", "links", "kubewright"] + Self.meaningless,
      required: ["VERSION", "links"]
    )
    for key in Self.meaningless {
      if let entry = fields[key] { document.warn(at: entry, "ignored: a lab's machines have none") }
    }
    if let entry = fields["VERSION"], let version = document.text(of: entry), version != "2" {
      document.error(
        at: entry,
        "version '\(version)' of docker-topo's form is not read",
        allowed: ["2"]
      )
    }
    let driver = fields["driver"].flatMap { self.driver($0) } ?? .bridge
    let cabling = fields["links"].map { cables($0, driver) } ?? []
    let block =
      fields["kubewright"].map {
        document.fields(of: $0, known: ["name", "management", "machines", "cluster"])
      } ?? [:]
    applySettings(block["machines"])
    let prefix = fields["PREFIX"].flatMap { document.text(of: $0) } ?? fileStem
    readConfigurations(fields["CONF_DIR"], prefix: prefix)
    let management = self.management(block["management"], cabling)
    let links = address(cabling.filter { !$0.isManagement }, management)
    return Topology(
      name: block["name"].flatMap { document.hostName($0) } ?? Self.labName(prefix),
      management: management,
      machines: machines(links, cabling, management),
      links: links,
      cluster: block["cluster"].map {
        document.specFields($0, without: ["hosts", "kubernetes"])
      } ?? []
    )
  }

  /// The file's name without its folder and what follows the first dot, as docker-topo's prefix is.
  private var fileStem: String {
    let name = document.file.split(separator: "/").last ?? ""
    return String(name.prefix { $0 != "." })
  }

  /// A prefix made fit for the names of host and lab.
  private static func labName(_ prefix: String) -> String {
    var name = String(
      prefix.lowercased().utf8.prefix(Names.longestHost).map {
        Names.isLowerOrDigit($0) ? Character(UnicodeScalar($0)) : "-"
      }
    )
    while name.hasPrefix("-") { name.removeFirst() }
    while name.hasSuffix("-") { name.removeLast() }
    return name.isEmpty ? "lab" : name
  }

  private mutating func driver(_ entry: Entry) -> Driver? {
    if case .scalar(let scalar) = entry.node, scalar.string == "macvlan" {
      document.error(
        at: entry,
        "macvlan would join the lab to a network of this computer's own, which a lab stays out of",
        allowed: ["veth", "bridge"]
      )
      return nil
    }
    return document.oneOf(
      [("veth", Driver.veth), ("bridge", Driver.bridge)],
      entry,
      what: "a link's driver"
    )
  }

  private mutating func cables(_ entry: Entry, _ standard: Driver) -> [Cabling] {
    let items = document.items(of: entry)
    if items.isEmpty, entry.isList {
      document.error(at: entry, "a lab needs at least one link: links are what names its machines")
    }
    return items.compactMap { link($0, standard) }
  }

  private mutating func link(_ entry: Entry, _ standard: Driver) -> Cabling? {
    let fields = document.fields(
      of: entry,
      known: ["endpoints", "driver", "driver_opts"],
      required: ["endpoints"]
    )
    let driver = fields["driver"].flatMap { self.driver($0) } ?? standard
    guard let list = fields["endpoints"] else { return nil }
    let items = document.items(of: list)
    let ends = items.compactMap { end($0) }
    guard list.isList, ends.count == items.count else { return nil }
    let isManagement =
      driver == .bridge && !ends.isEmpty && ends.allSatisfy { $0.interface == "eth0" }
    if isManagement { return Cabling(entry: list, ends: ends, isManagement: true) }
    for end in ends where end.interface == "eth0" {
      document.error(
        at: end.entry,
        "eth0 is the management interface of every machine: a link with driver bridge whose ends are all eth0 has it"
      )
    }
    if ends.count < 2 {
      let whose = ends.first.map { " \($0.device):\($0.interface)" } ?? ""
      document.error(at: list, "the endpoint\(whose) leads nowhere: a link has two ends")
      return nil
    }
    if driver == .veth, ends.count > 2 {
      document.error(
        at: list,
        "a veth link has two ends; this one has \(ends.count), which takes driver bridge"
      )
    }
    let plain = Link(ends.map { LinkEnd(machine: $0.device, interface: $0.interface) })
    if let problem = TopologyRules.problem(of: plain) {
      document.error(at: ends[ends.count - 1].entry, problem)
      return nil
    }
    return Cabling(entry: list, ends: ends, isManagement: false)
  }

  /// `DEVICE:INTERFACE[:ADDRESS/LENGTH]`.
  private mutating func end(_ entry: Entry) -> End? {
    guard let text = document.text(of: entry) else { return nil }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count) else {
      document.error(
        at: entry,
        "'\(text)' is not an endpoint: DEVICE:INTERFACE or DEVICE:INTERFACE:ADDRESS/LENGTH"
      )
      return nil
    }
    guard let device = device(parts[0], entry) else { return nil }
    var end = End(entry: entry, device: device, interface: parts[1])
    if end.interface != "eth0", let problem = Names.interfaceProblem(end.interface) {
      document.error(at: entry, problem)
      return nil
    }
    if let problem = rules.claim(interface: end.interface, of: device) {
      document.error(at: entry, problem)
    }
    if parts.count == 3 {
      guard let address = document.interfaceAddress(parts[2], at: entry) else { return nil }
      end.address = address
    }
    return end
  }

  /// The name of the device that is spelled so; links are what makes them.
  private mutating func device(_ spelling: String, _ entry: Entry) -> String? {
    if devices.contains(where: { $0.spelling == spelling }) { return spelling.lowercased() }
    let name = spelling.lowercased()
    if let problem = Names.hostProblem(name) {
      document.error(at: entry, problem)
      return nil
    }
    if let other = devices.first(where: { $0.name == name }) {
      document.error(
        at: entry,
        "'\(spelling)' and '\(other.spelling)' would be one host: host names know no capitals"
      )
      return nil
    }
    if let kind = Self.foreign.first(where: name.contains) {
      document.error(
        at: entry,
        "'\(spelling)' is a device of the kind \(kind) by docker-topo's rules, and no machine of a lab can stand in for one"
      )
      return nil
    }
    _ = rules.claim(machine: name)
    devices.append(Device(spelling: spelling, name: name, entry: entry))
    return name
  }
}
