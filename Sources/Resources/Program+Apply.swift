// SPDX-License-Identifier: Apache-2.0

import Values

extension Program {
  /// The program that makes `request.changes`.
  ///
  /// It runs nothing unless it arrived whole, lists in the host's manifest what it is about to
  /// make, prints an event before and after each step (`parse(resultLine:)`), and stops with exit 1
  /// at the first that fails.
  package static func apply(_ request: ApplyRequest) -> String {
    var resources: [ResourceID: Resource] = [:]
    for resource in request.desired { resources[resource.id] = resource }
    var listed: [ResourceID: ManifestEntry] = [:]
    for entry in request.manifest { listed[entry.id] = entry }

    let context = ApplyContext(changes: request.changes, resources: resources)
    let listing = Listing(changes: request.changes, resources: resources, listed: listed)
    var steps = Steps()
    for change in request.changes {
      if change.action == .remove {
        let entry = listed[change.id] ?? ManifestEntry(id: change.id)
        steps.add(change.id, entry.removal, using: entry.removalFunctions, isForgotten: true)
      } else if let body = resources[change.id]?.body {
        steps.add(
          change.id,
          body.converge(change, in: context),
          using: type(of: body).functions
        )
      }
    }
    let owed = staleStamps(after: request)
    return HostProgram(
      title: "cluster \(request.cluster), host \(request.host), stage \(request.stage)",
      cluster: request.cluster,
      functions: steps.functions,
      definitions: listing.text + steps.definitions,
      home: StateHome.target(in: request.desired),
      main: listing.call
        + (owed.isEmpty ? "" : "  rm -f \(Shell.command(owed)) || exit 1\n")
        + steps.calls(by: "step")
    ).text
  }

  /// The stamps of units that depend on what is about to change.
  ///
  /// They go before the first step, so that the restart is owed however this run ends.
  private static func staleStamps(after request: ApplyRequest) -> [String] {
    let changed = Set(request.changes.map(\.id))
    return request.desired.compactMap { resource in
      guard case .unit(let unit) = resource, unit.dependsOn.contains(where: changed.contains)
      else { return nil }
      return Unit.stampFile(of: unit.name)
    }
  }
}

extension ApplyContext {
  fileprivate init(changes: [Change], resources: [ResourceID: Resource]) {
    self.init(packages: [:], digestUses: [:], fingerprints: [:])
    for change in changes {
      switch resources[change.id] {
      case .package(let package): packages?[package.batch, default: []].append(package.name)
      case .binary(let binary): digestUses[binary.digest, default: 0] += 1
      default: continue
      }
    }
    fingerprints = resources.mapValues(\.body.fingerprint)
  }
}

/// What a program adds to the host's manifest, and the lines that it writes anew.
private struct Listing {
  private var lines: [String] = []
  private var replaced: [String] = []

  init(
    changes: [Change],
    resources: [ResourceID: Resource],
    listed: [ResourceID: ManifestEntry]
  ) {
    for change in changes where change.action != .remove {
      guard let body = resources[change.id]?.body else { continue }
      let fields = body.manifestFields
      if let entry = listed[change.id] {
        guard entry.plannedFields != fields else { continue }
        // Keeps what was found out when it was first listed.
        let known = ManifestEntry(id: entry.id, fields: fields + entry.foundFields)
        replaced.append(entry.id.token)
        lines.append("entry \(Shell.command(known.words))")
      } else {
        let words = ManifestEntry(id: body.id, fields: fields).words
        lines.append(body.prior.listing(words))
      }
    }
  }

  /// The function that prints the new lines, if there are any.
  var text: String {
    guard !lines.isEmpty else { return "" }
    return "entries() {\n" + lines.map { "  \($0) || return 1\n" }.joined() + "}\n\n"
  }

  var call: String {
    guard !lines.isEmpty else { return "" }
    return "  dropped=\(Shell.quote(replaced.joined(separator: " ")))\n"
      + "  rewrite_manifest entries || stop 'cannot write the manifest'\n"
  }
}

extension PriorState {
  /// The command that prints a line of the manifest; `words` are the id and its fields in one.
  func listing(_ words: [String]) -> String {
    switch self {
    case .nothing: "entry \(Shell.command(words))"
    case .path(let path):
      "entry_path \(Shell.command(words + [path, PlacedPath(path).kept]))"
    case .directory(let path): "entry_directory \(Shell.command(words + [path]))"
    case .setting(let file, let dropIn):
      "entry_setting \(Shell.command(words + [file, dropIn]))"
    case .unit(let name): "entry_unit \(Shell.command(words + [name]))"
    case .mask(let name): "entry_mask \(Shell.command(words + [name]))"
    }
  }
}

extension ManifestEntry {
  /// The id and all fields in one word, as the manifest's line has them.
  var words: [String] { [id.token, fields.map(Token.encode).joined(separator: " ")] }
}
