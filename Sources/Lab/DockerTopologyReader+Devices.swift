// SPDX-License-Identifier: Apache-2.0

import Values
import Yams

extension DockerTopologyReader {
  private static let systems = Machine.System.allCases.map { (name: $0.rawValue, value: $0) }

  /// Gives every device the settings of the patterns that it matches, later ones over earlier ones.
  mutating func applySettings(_ entry: Entry?) {
    for index in devices.indices { devices[index].settings = .standard(for: devices[index].name) }
    guard let entry else { return }
    for (key, pattern, value) in document.pairs(of: entry) {
      let settings = settings(value)
      let matching = devices.indices.filter {
        MachineSettings.matches(devices[$0].name, pattern: pattern.lowercased())
      }
      if matching.isEmpty {
        document.error(
          at: key,
          "no link names a device '\(pattern)'",
          suggestion: NearestSpelling.of(pattern, among: devices.map(\.spelling))
        )
      }
      for index in matching { devices[index].settings.merge(settings) }
    }
  }

  private mutating func settings(_ entry: Entry) -> MachineSettings {
    let fields = document.fields(
      of: entry,
      known: ["system", "arch", "release", "packages", "memory", "operator", "node"]
    )
    return MachineSettings(
      system: fields["system"].flatMap {
        document.oneOf(Self.systems, $0, what: "a machine's system")
      },
      architecture: fields["arch"].flatMap { document.architecture($0) },
      release: fields["release"].flatMap { document.release($0) },
      packages: fields["packages"].map { document.packages($0) },
      memory: fields["memory"].flatMap { document.memory($0) },
      isOperator: fields["operator"].flatMap {
        document.oneOf([("true", true), ("false", false)], $0, what: "true or false")
      },
      node: fields["node"].map { document.specFields($0, without: ["name", "ssh"]) }
    )
  }

  /// Reads each device's configuration.
  ///
  /// Where the file names a folder for them, a switch without one is an error: docker-topo would start
  /// it without a word.
  mutating func readConfigurations(_ entry: Entry?, prefix: String) {
    let given = entry.flatMap { document.text(of: $0) }
    let folder = Self.path(given ?? "config", beside: document.file)
    guard files.isDirectory(folder) else {
      if let entry, given != nil { document.error(at: entry, "there is no folder \(folder)") }
      return
    }
    for index in devices.indices {
      let device = devices[index]
      let candidates = ["\(prefix)_\(device.spelling)", device.spelling].map { "\(folder)/\($0)" }
      guard let file = candidates.first(where: { files.read($0) != nil }),
        let text = files.read(file)
      else {
        if given != nil, device.settings.system == .eos {
          document.error(
            at: device.entry,
            "'\(device.spelling)' has no configuration: there is no \(candidates.joined(separator: " and no "))"
          )
        }
        continue
      }
      let (configuration, diagnostics) = SwitchConfigurationParser.parse(text, file: file)
      document.report(diagnostics)
      devices[index].configuration = configuration
    }
    checkHostNames()
  }

  /// Each host's own name for itself must be its alone, or names lead in a circle.
  private mutating func checkHostNames() {
    var owners = Dictionary(devices.map { ($0.name, $0.name) }) { first, _ in first }
    for index in devices.indices {
      guard let hostname = devices[index].configuration.hostname else { continue }
      let name = hostname.value.lowercased()
      let device = devices[index]
      if let problem = Names.hostProblem(name) {
        report(.error, hostname.position, problem)
      } else if let owner = owners[name], owner != device.name {
        report(
          .error,
          hostname.position,
          "'\(device.spelling)' calls itself '\(hostname.value)', which is the name of '\(owner)'"
        )
      }
      owners[name] = owners[name] ?? device.name
    }
  }

  mutating func report(
    _ severity: Diagnostic.Severity,
    _ position: SourcePosition,
    _ message: String
  ) {
    document.report([Diagnostic(severity, at: position, message)])
  }

  /// A path that a file names, as seen from the working directory.
  private static func path(_ path: String, beside file: String) -> String {
    var path = path
    while path.hasPrefix("./") { path.removeFirst(2) }
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return file[...slash] + path
  }
}
