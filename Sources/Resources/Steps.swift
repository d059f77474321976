// SPDX-License-Identifier: Apache-2.0

import Values

/// The steps of a program, each a shell function, with the functions that they call.
struct Steps {
  private var items: [(id: ResourceID, body: String, isForgotten: Bool)] = []
  private(set) var functions: [String] = []

  /// Adds a step; what `isForgotten` leaves the manifest when it is done.
  mutating func add(
    _ id: ResourceID,
    _ body: String,
    using functions: [String],
    isForgotten: Bool = false
  ) {
    items.append((id, body, isForgotten))
    for chunk in functions where !self.functions.contains(chunk) { self.functions.append(chunk) }
  }

  /// Bodies are not indented: that would change contents of many lines.
  var definitions: String {
    items.enumerated().map { "step_\($0.offset + 1)() {\n\($0.element.body)}\n\n" }.joined()
  }

  /// The calls, one a line; the runner `step` stops at a failure, `attempt` goes on.
  func calls(by runner: String) -> String {
    items.enumerated().map { index, item in
      let token = Shell.quote(item.id.token)
      return "  \(runner) \(token) step_\(index + 1)\n"
        + (item.isForgotten ? "  forget \(token)\n" : "")
    }.joined()
  }
}

extension ManifestEntry {
  private var type: (any HostResource.Type)? {
    Self.kinds.first { $0.kind == id.kind }
  }

  private static let kinds: [any HostResource.Type] = [
    File.self, Directory.self, Link.self, ManagedBlock.self, Sysctl.self, KernelModule.self,
    Package.self, Binary.self, SystemUser.self, SwapOff.self, ContainerImage.self, Unit.self,
    Footprint.self, Absence.self, FirewalldPolicies.self, FirewalldDirect.self,
  ]

  /// Shell statements that take the thing away.
  var removal: String {
    type?.removal(of: self)
      ?? "refuse \(Shell.quote("this version cannot remove a \(id.kind)")) || return 1\n"
  }

  var removalFunctions: [String] { type?.functions ?? [] }
}

/// A program that changes a host: what all of them have around their steps.
struct HostProgram {
  var title: String
  var cluster: String
  var functions: [String]
  var definitions: String
  /// Where the host's records lie, if not in their usual folder.
  var home: String?
  var main: String
  /// Whether functions that nothing calls are left out.
  var isBrief = false

  private var library: String {
    let shared = [
      ObservationProgram.sha256, Prelude.running, Prelude.locking, Prelude.listing,
    ]
    let library = ShellLibrary(shared + functions)
    return isBrief ? library.text(for: "begin\n" + definitions + main) : library.text
  }

  var text: String {
    """
    #!/bin/sh
    # kubewright: \(TerminalText.escape(title))
    # shellcheck disable=\(Shell.allowances)
    trap 'echo "kubewright: the program did not arrive whole; nothing was done" >&2; exit 98' EXIT
    \(Shell.setting)
    state=\(Program.stateFolder)
    header=\(Shell.quote(Manifest.header(cluster: cluster)))
    reload=1
    \(library)

    \(definitions)main() {
    \(home.map { "  trap - EXIT\n" + StateHome.settling($0) } ?? "")  begin
    \(main)}
    { main; exit; } </dev/null

    """
  }
}
