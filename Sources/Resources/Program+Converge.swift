// SPDX-License-Identifier: Apache-2.0

import Values

extension Program {
  /// A program that a host may run at every boot, without anybody who looked at it before.
  ///
  /// It fills the placeholders of `LateValue` in files with what `discovery` finds, touches only what
  /// differs, and leaves the files, stamps and manifest that `apply` would. It takes nothing away that
  /// the manifest lists and `desired` does not: it says so. Units that it started and that do not stay up
  /// are told, and started again by the next run.
  /// - Throws: `Failure`: the host has no place to fetch a program from (`artifact`), or a placeholder
  ///   that nothing fills (`internalError`).
  package static func converge(_ request: ConvergeRequest) throws -> String {
    try checkPrograms(request)
    var numbers: [ResourceID: Int] = [:]
    for (index, resource) in request.desired.enumerated() { numbers[resource.id] = index + 1 }
    let late = LateFiles(request.desired, numbers)
    let unknown = late.values.subtracting(request.discovery.values)
    guard unknown.isEmpty else {
      let names = unknown.map(\.rawValue).sorted().joined(separator: ", ")
      throw Failure(.internalError, host: request.host, "nothing finds out \(names)")
    }
    var look = HostLook(
      numbers: numbers,
      fingerprints: fingerprints(of: request.desired),
      late: late.fingerprints
    )
    let parts = Convergence(request, &look)
    let text = HostProgram(
      title: "cluster \(request.cluster), host \(request.host), at every boot",
      cluster: request.cluster,
      functions: look.functions + parts.functions + request.discovery.functions
        + [Convergence.functions, Unit.settling],
      definitions: parts.definitions,
      home: StateHome.target(in: request.desired),
      main: request.discovery.statements + late.statements + look.stampStatements(request.desired)
        + parts.main,
      isBrief: true
    ).text
    guard !LateValue.allCases.contains(where: { text.contains($0.placeholder) }) else {
      throw Failure(
        .internalError,
        host: request.host,
        "a placeholder stands where no contents of a file are"
      )
    }
    return text
  }

  private static func checkPrograms(_ request: ConvergeRequest) throws {
    let missing = request.desired.compactMap { resource in
      if case .binary(let binary) = resource, binary.url == nil { binary.path } else { nil }
    }
    guard !missing.isEmpty else { return }
    let isOwn = missing.contains { $0.hasSuffix("/kubewright") }
    throw Failure(
      .artifact,
      host: request.host,
      "there is no URL from which a host could fetch \(missing.joined(separator: ", "))",
      remedy: [
        missing.count == 1 && isOwn ? nil : "name a mirror under artifacts.sources",
        isOwn ? "no mirror has kubewright: let another program be the authenticator" : nil,
      ].compactMap(\.self).joined(separator: "; ")
    )
  }
}

/// Files with placeholders, whose fingerprints the host computes.
private struct LateFiles {
  private(set) var fingerprints: [ResourceID: String] = [:]
  private(set) var values: Set<LateValue> = []
  private(set) var statements = ""

  init(_ desired: [Resource], _ numbers: [ResourceID: Int]) {
    for case .file(let file) in desired {
      guard !file.lateValues.isEmpty, let number = numbers[file.id] else { continue }
      values.formUnion(file.lateValues)
      fingerprints[file.id] = "print_\(number)"
      let words = [file.path, file.mode.description, "\(file.owner):\(file.group)"]
      statements += """
          digest content_\(number) || stop 'cannot compute a digest'
          digest printf '%s\\000%s\\000%s\\000%s' \(Shell.command(words)) "$sum"
          print_\(number)=$sum

        """
    }
  }
}

extension HostLook {
  /// The stamps of units that read files with placeholders.
  fileprivate func stampStatements(_ desired: [Resource]) -> String {
    var text = ""
    for case .unit(let unit) in desired where isLate(unit) {
      let pairs = unit.dependsOn.sorted().map { id in
        let print = late[id].map { "\"$\($0)\"" } ?? Shell.quote(fingerprints[id]?.hex ?? "")
        return "\(Shell.quote(id.description)) \(print)"
      }
      text +=
        "  digest printf '%s\\000%s\\n' \(pairs.joined(separator: " "))\n"
        + "  stamp_\(numbers[unit.id] ?? 0)=$sum\n"
    }
    return text
  }
}
